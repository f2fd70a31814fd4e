package org.restypolyglot.t;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.restypolyglot.t.harness.Nginx;
import org.restypolyglot.t.harness.NginxConf;
import org.restypolyglot.t.harness.NginxExtension;

/** {@code lua_code_cache off}: a Lua VM for each request, one JVM and one runtime for all. */
class CodeCacheOffTest {
  @RegisterExtension
  static final NginxExtension NGINX =
      new NginxExtension(new NginxConf().http("lua_code_cache off;"));

  @ParameterizedTest
  @EnumSource
  void oneRuntime_overHundredsOfRequests(Lang lang) {
    Nginx nginx = NGINX.get();
    for (int i = 1; i <= 300; i++) {
      assertThat(nginx.lua("return load('%s'):count()", lang.spec("t/calls", "init,off")))
          .isEqualTo("true, '" + i + "'");
    }
    assertThat(nginx.log().count("\\[(notice|info)\\] .*JVM")).isEqualTo(1);
  }

  @Test
  void requestsAtOnce_shareOneRuntime() {
    List<CompletableFuture<String>> answers = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      answers.add(NGINX.get().luaAsync("return load('js:t/calls,init,many'):later('" + i + "')"));
    }
    for (int i = 0; i < 100; i++) {
      assertThat(answers.get(i).join()).isEqualTo("true, '" + i + "'");
    }
  }

  @Test
  void loadIsSharedByVms() {
    Nginx nginx = NGINX.get();
    List<CompletableFuture<String>> answers = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      answers.add(nginx.luaAsync("return load('js:t/life,init,vms'):echo('x')"));
    }
    assertThat(answers).allSatisfy(answer -> assertThat(answer.join()).isEqualTo("true, 'x'"));
    assertThat(nginx.log().count("init of vms")).isEqualTo(1);
  }

  /** The VM ends with its request, while its call is still running. */
  @Test
  void vmThatEndsBeforeItsReply_harmsNobody() {
    Nginx nginx = NGINX.get();
    String code =
        """
        local rt = load("js:t/calls,init,ends")
        for i = 1, 5 do ngx.thread.spawn(function() return rt:wait("50") end) end
        return ngx.exit(200)
        """;
    for (int i = 0; i < 50; i++) {
      nginx.lua(code);
      assertThat(nginx.lua("return load('js:t/calls,init,ends'):echo('x')")).isEqualTo("true, 'x'");
    }
  }

  @Test
  void unloadInOneVm_isSeenByTheNext() {
    Nginx nginx = NGINX.get();
    String spec = "js:t/calls,init,unloaded";
    for (int i = 0; i < 10; i++) {
      assertThat(nginx.lua("return load('%s'):count()", spec)).isEqualTo("true, '1'");
      assertThat(nginx.lua("return load('%s'):count()", spec)).isEqualTo("true, '2'");
      nginx.lua("load('%s'):__unload()", spec);
    }
  }
}
