package org.restypolyglot.t;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.restypolyglot.t.harness.Dist;
import org.restypolyglot.t.harness.NativeLibrary;
import org.restypolyglot.t.harness.Nginx;
import org.restypolyglot.t.harness.NginxConf;
import org.restypolyglot.t.harness.Shell;

/** Whether the two halves of the host belong together, and are alone. */
class HostLibraryTest {

  /** What C's compiler makes of the struct, against what LuaJIT makes of its declaration. */
  @Test
  void structsThatLuaSees_areThoseOfC(@TempDir Path folder) throws Exception {
    Path program = folder.resolve("layout");
    NativeLibrary.gcc(
        NativeLibrary.resource("layout.c"),
        program,
        List.of("-I" + Dist.checkout().resolve("loader-native/host")));
    String c = Shell.run(program.toString()).orThrow().out();
    try (Nginx nginx = new NginxConf().start()) {
      String code =
          """
          load("js:t/calls,init")
          local ffi = require "ffi"
          local lines = {"resty_ffi_lua_result_t " .. ffi.sizeof("resty_ffi_lua_result_t")}
          for field in ("runtime timeout_ms text len status rc"):gmatch("%S+") do
              lines[#lines + 1] = field .. " " .. ffi.offsetof("resty_ffi_lua_result_t", field)
          end
          return table.concat(lines, ";")
          """;
      assertThat(nginx.lua(code)).isEqualTo("'" + c.strip().replace("\n", ";") + "'");
      nginx.check();
    }
  }

  @Test
  void halvesThatDoNotBelongTogether_areRefused(@TempDir Path folder) throws Exception {
    Dist copy = Dist.underTest().copyTo(folder.resolve("dist"));
    Path lua = copy.lualib().resolve("resty_ffi.lua");
    String text = Files.readString(lua);
    String changed = text.replace("{ \"status\", \"int32_t\" }", "{ \"status\", \"int64_t\" }");
    assertThat(changed).isNotEqualTo(text);
    Files.delete(lua); // It may be a hard link.
    Files.writeString(lua, changed);
    try (Nginx nginx = new NginxConf().dist(copy).start()) {
      assertThat(nginx.lua("return ngx.load_ffi('js:t/calls,init')"))
          .startsWith("nil, ")
          .contains("do not belong together");
      assertThat(nginx.get("/plain")).isEqualTo("plain");
      nginx.check();
    }
  }

  @Test
  void anotherHostInTheProcess_isRefused(@TempDir Path folder) throws Exception {
    Path other = NativeLibrary.compile("other_host.c", folder);
    try (Nginx nginx = new NginxConf().start()) {
      String code =
          """
          package.loaded.other_host = require("ffi").load("%s", true)
          return ngx.load_ffi("js:t/calls,init")
          """;
      assertThat(nginx.lua(code, other)).startsWith("nil, ").contains("other_host");
      assertThat(nginx.get("/plain")).isEqualTo("plain");
      nginx.check();
    }
  }
}
