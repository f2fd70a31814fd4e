package org.restypolyglot.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpecTest {

  @Test
  void parse_takesAllFields() {
    assertThat(Spec.parse("js:demo/echo?,init,{\"a\":1,\"b\":[2,3]}"))
        .isEqualTo(new Spec("js", "demo/echo", true, "init", "{\"a\":1,\"b\":[2,3]}"));
  }

  @Test
  void parse_withoutConfig_isNull_withEmptyConfig_isEmpty() {
    assertThat(Spec.parse("py:demo.echo,init").config()).isNull();
    assertThat(Spec.parse("py:demo.echo,init,").config()).isEmpty();
  }

  @Test
  void parse_leavesTheConfigAsItIs() {
    assertThat(Spec.parse("js:m,init, a , b ").config()).isEqualTo(" a , b ");
  }

  @Test
  void toString_parsesToTheSame() {
    Spec spec = Spec.parse("js:demo/echo?,init,a,b");
    assertThat(Spec.parse(spec.toString())).isEqualTo(spec);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "demo/echo,init; no language prefix",
        "1js:demo,init; \"1js\" is not a language",
        "js:,init; the module is missing",
        "js:?,init; the module is missing",
        "js:demo; the entry is missing",
        "js:demo,; the entry is missing",
      })
  void parse_badSpec_quotesItAndSaysWhatIsExpected(String text, String problem) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Spec.parse(text))
        .withMessageContaining("\"" + text + "\"")
        .withMessageContaining(problem)
        .withMessageContaining(Spec.SYNTAX);
  }

  @Test
  void parse_reportsAllThatIsWrong() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Spec.parse(""))
        .withMessageContaining("no language prefix, the module is missing, the entry is missing");
  }
}
