package org.restypolyglot.t;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.restypolyglot.t.harness.NginxConf;
import org.restypolyglot.t.harness.NginxExtension;

/**
 * Texts that CPython 3.12 has, and GraalPy's standard library would have in other words: those that
 * were changed in it when dist/ was made (PrepareResources.java), and what is mended at run time
 * but ends in an assertion of GraalPy's where assertions are enabled.
 */
class PythonTextsTest {
  @RegisterExtension static final NginxExtension NGINX = new NginxExtension(new NginxConf());

  private static String call(String method, String request) {
    return NGINX
        .get()
        .lua("return select(2, load('py:t/texts,init'):%s('%s'))", method, request)
        .replace("\\x0a", "\n");
  }

  @Test
  void dates() {
    assertThat(call("dates", ""))
        .contains(
            """
            ValueError: month must be in 1..12
            ValueError: day is out of range for month
            ValueError: hour must be in 0..23
            ValueError: year 0 is out of range
            ValueError: minute must be in 0..59
            TypeError: can't subtract offset-naive and offset-aware datetimes
            TypeError: can't compare offset-naive and offset-aware datetimes
            TypeError: can't compare offset-naive and offset-aware times
            TypeError: can't compare datetime.datetime to datetime.date
            datetime.datetime(2024, 1, 2, 0, 0, tzinfo=zoneinfo.ZoneInfo(key='UTC'))
            datetime.IsoCalendarDate(year=2024, week=1, weekday=2)""");
  }

  @Test
  void json() {
    assertThat(call("json", "\"ab\\\\x\""))
        .contains("JSONDecodeError: Invalid \\escape: line 1 column 4 (char 3)");
  }

  @Test
  void formats() {
    assertThat(call("formats", ""))
        .contains(
            """
            AttributeError: 'int' object has no attribute 'nope'
            AttributeError: 'int' object has no attribute 'nope'
            AttributeError: 'int' object has no attribute 'nope'
                3|   'x'    |None|None
            None 0
            own None
            AttributeError: 'Empty' object has no attribute 'b'
            None.2
            AttributeError: 'Empty' object has no attribute 'y'
              None None""");
  }
}
