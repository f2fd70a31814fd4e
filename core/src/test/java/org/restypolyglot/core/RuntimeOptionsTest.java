package org.restypolyglot.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RuntimeOptionsTest {

  @Test
  void parse_takesWhatConcernsTheRuntime() {
    RuntimeOptions options =
        RuntimeOptions.parse(
            """
            {"path": ["/a", "/b"], "prefix": "/etc/nginx/", "contexts": 2, "timeout": 60,
             "permissions": {"java": ["java.net.http.*"]}}""");
    assertThat(options.path()).containsExactly(Path.of("/a"), Path.of("/b"));
    assertThat(options.prefix()).isEqualTo(Path.of("/etc/nginx"));
    assertThat(options.contexts()).isEqualTo(2);
    assertThat(options.javaPermissions()).containsExactly("java.net.http.*");
  }

  @Test
  void parse_emptyObject_isNone() {
    assertThat(RuntimeOptions.parse("{}")).isEqualTo(RuntimeOptions.NONE);
  }

  @Test
  void parse_pathAsText_isSplitAtColons() {
    assertThat(RuntimeOptions.parse("{\"path\": \"/a::/b\"}").path())
        .containsExactly(Path.of("/a"), Path.of("/b"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"[1]", "{", "{\"path\": 5}", "{\"contexts\": 0}", "{\"contexts\": 1.5}"})
  void parse_badInput_isQuoted(String json) {
    String value = json.replaceAll("^\\{\"\\w+\": |\\}$", "");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RuntimeOptions.parse(json))
        .withMessageContaining(value);
  }
}
