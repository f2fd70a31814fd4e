package org.restypolyglot.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RuntimeOptionsTest {

  @Test
  void parse_takesWhatConcernsTheRuntime() {
    RuntimeOptions options =
        RuntimeOptions.parse(
            """
            {"path": ["/a", "/b"], "prefix": "/etc/nginx/", "contexts": 2, "timeout": 60,
             "venv": ".venv",
             "permissions": {"java": ["java.net.http.*"], "native": ["pydantic_core"]}}""");
    assertThat(options.path()).containsExactly(Path.of("/a"), Path.of("/b"));
    assertThat(options.prefix()).isEqualTo(Path.of("/etc/nginx"));
    assertThat(options.contexts()).isEqualTo(2);
    assertThat(options.venv()).isEqualTo(Path.of(".venv"));
    assertThat(options.javaPermissions()).containsExactly("java.net.http.*");
    assertThat(options.nativePermissions()).containsExactly("pydantic_core");
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
  @ValueSource(
      strings = {
        "[1]",
        "{",
        "{\"path\": 5}",
        "{\"venv\": 5}",
        "{\"contexts\": 0}",
        "{\"contexts\": 1.5}"
      })
  void parse_badInput_isQuoted(String json) {
    String value = json.replaceAll("^\\{\"\\w+\": |\\}$", "");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RuntimeOptions.parse(json))
        .withMessageContaining(value);
  }

  @ParameterizedTest
  @CsvSource({
    "true, 127.0.0.1:9229",
    "4000, 127.0.0.1:4000",
    "'\"4000\"', 127.0.0.1:4000",
    "'\"127.0.0.2:4000\"', 127.0.0.2:4000",
    "'\"localhost:1\"', 127.0.0.1:1",
    "'\"[::1]:65535\"', 0:0:0:0:0:0:0:1:65535"
  })
  void parse_addressOfDebuggers(String value, String address) {
    InetSocketAddress inspect =
        RuntimeOptions.parse("{\"inspect\": " + value + "}").debug().inspect();
    assertThat(inspect.getAddress().getHostAddress() + ":" + inspect.getPort()).isEqualTo(address);
  }

  @Test
  void parse_falseForDebuggers_isNone() {
    assertThat(RuntimeOptions.parse("{\"inspect\": false, \"dap\": false}"))
        .isEqualTo(RuntimeOptions.NONE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "65536", "1.5", "\"\"", "\":1\"", "\"127.0.0.1:x\"", "{\"a\":1}"})
  void parse_badAddressOfDebuggers_isQuoted(String value) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RuntimeOptions.parse("{\"dap\": " + value + "}"))
        .withMessageContaining("\"dap\"")
        .withMessageContaining(value);
  }

  @Test
  void parse_addressForOthers_hasToBeMeant() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RuntimeOptions.parse("{\"dap\": \"0.0.0.0:4711\"}"))
        .withMessageContaining("0.0.0.0:4711")
        .withMessageContaining("debug_public = true");
    assertThat(
            RuntimeOptions.parse("{\"dap\": \"0.0.0.0:4711\", \"debug_public\": true}")
                .debug()
                .dap())
        .isEqualTo(new InetSocketAddress("0.0.0.0", 4711));
  }

  /** What stands at a breakpoint takes as long as it takes. */
  @Test
  void parse_debugged_hasNoTimeouts() {
    RuntimeOptions options = RuntimeOptions.parse("{\"dap\": true, \"drain_timeout\": 5}");
    assertThat(List.of(options.timeout(), options.loadTimeout(), options.drainTimeout()))
        .containsOnly(Duration.ZERO);
  }
}
