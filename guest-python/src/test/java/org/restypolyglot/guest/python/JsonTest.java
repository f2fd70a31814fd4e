package org.restypolyglot.guest.python;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The numbers of {@code json.loads}, which repairs.py has made without calls of int and float. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class JsonTest {
  private static final String MODULE =
      """
      import json, sys
      from decimal import Decimal
      from json.scanner import c_make_scanner

      class Handlers:
          def same(self, req, task):
              "The numbers that GraalPy's own scanner makes otherwise, which calls int and float."
              own = c_make_scanner(json.JSONDecoder())
              return str([t for t in req.decode().split()
                          if self._told(own(t, 0)[0]) != self._told(json.loads(t))])

          def _told(self, number):
              return type(number).__name__, repr(number)

          def calls(self, req, task):
              called = []
              def function(x):
                  called.append(x)
                  return -1
              values = json.loads(req, parse_float=function), json.loads(req, parse_int=function)
              return f"{values} {called} {json.loads(req, parse_float=Decimal)}"

          def limit(self, req, task):
              told = []
              for document in ("1" * 4300, "1" * 4301, "-" + "1" * 4301, '["%s"]' % ("x" * 5000),
                               '[%s0.%s]' % ("0, " * 5000, "1" * 4301),
                               '[%s%s]' % ("0, " * 5000, "1" * 4301)):
                  try:
                      told.append(len(str(json.loads(document))))
                  except ValueError as error:
                      told.append(str(error)[:24])
              sys.set_int_max_str_digits(0)
              told.append(json.loads("1" * 4301) % 10)
              sys.set_int_max_str_digits(4300)
              return str(told)

          def errors(self, req, task):
              told = []
              for document in ("", "-", "[1", "01", '{"a": 1.}', "1e"):
                  try:
                      json.loads(document)
                  except json.JSONDecodeError as error:
                      told.append(str(error))
              return "; ".join(told)

      def init(cfg): return Handlers()
      """;

  @TempDir private static Path folder;
  private static PythonHost python;
  private static long handlers;

  @BeforeAll
  static void load() throws Exception {
    python = new PythonHost(folder);
    python.write("handlers.py", MODULE);
    handlers = python.load("handlers,init");
  }

  @AfterAll
  static void stop() throws Exception {
    python.unload(handlers);
    python.close();
  }

  @Test
  void numbers_areThoseOfIntAndFloat() throws Exception {
    String numbers =
        """
        0 -0 0.0 -0.0 1 -1 0.1 1E5 1e+5 1e-5 0e0 1e400 -1e400 2147483647 2147483648 -2147483649
        9223372036854775807 9223372036854775808 -9223372036854775808 -9223372036854775809
        123456789012345678901234567890 5e-324 1e-324 1.7976931348623157e308 9007199254740993.0
        """;
    assertThat(python.call(handlers, "same", numbers)).isEqualTo("[]");
  }

  @Test
  void functionsForNumbers_areCalled() throws Exception {
    assertThat(python.call(handlers, "calls", "[1, 2.5]"))
        .isEqualTo("([1, -1], [-1, 2.5]) ['2.5', '1'] [1, Decimal('2.5')]");
  }

  /** Of an int's digits: a longer one takes quadratic time. */
  @Test
  void limit_isHeeded() throws Exception {
    assertThat(python.call(handlers, "limit", ""))
        .isEqualTo(
            "[4300, 'Exceeds the limit (4300)', 'Exceeds the limit (4300)', 5004, 15020,"
                + " 'Exceeds the limit (4300)', 1]");
  }

  @Test
  void errors_areCPythons() throws Exception {
    assertThat(python.call(handlers, "errors", ""))
        .isEqualTo(
            "Expecting value: line 1 column 1 (char 0); Expecting value: line 1 column 1 (char 0);"
                + " Expecting ',' delimiter: line 1 column 3 (char 2);"
                + " Extra data: line 1 column 2 (char 1);"
                + " Expecting ',' delimiter: line 1 column 8 (char 7);"
                + " Extra data: line 1 column 2 (char 1)");
  }
}
