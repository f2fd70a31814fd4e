package org.restypolyglot.guest.js;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.restypolyglot.core.guest.GuestLanguage;

class JsLanguageTest {
  @Test
  void isFoundByTheServiceLoader() {
    assertThat(ServiceLoader.load(GuestLanguage.class))
        .anySatisfy(language -> assertThat(language.prefix()).isEqualTo("js"));
  }

  @Test
  void describeEngine_namesVersionAndHowItRuns() {
    assertThat(new JsLanguage().describeEngine().text())
        .matches("GraalJS \\d+(\\.\\d+)+\\S* on (the interpreter, no JIT|.+, JIT)");
  }
}
