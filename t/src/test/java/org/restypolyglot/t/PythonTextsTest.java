package org.restypolyglot.t;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
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

  /** Each line: an expression, and what CPython says of it. MendGraalPy.java has most. */
  private static final String OPERATIONS =
      """
            Empty.x -> AttributeError: type object 'Empty' has no attribute 'x'
            Empty().x -> AttributeError: 'Empty' object has no attribute 'x'
            Slots().slot -> AttributeError: 'Slots' object has no attribute 'slot'
            delattr(Empty(), "x") -> AttributeError: 'Empty' object has no attribute 'x'
            unbound() -> UnboundLocalError: cannot access local variable 'variable' where it is not associated with a value
            -"a" -> TypeError: bad operand type for unary -: 'str'
            ~1.5 -> TypeError: bad operand type for unary ~: 'float'
            abs("a") -> TypeError: bad operand type for abs(): 'str'
            float(NoFloat()) -> TypeError: NoFloat.__float__ returned non-float (type int)
            ord(3) -> TypeError: ord() expected string of length 1, but int found
            int([]) -> TypeError: int() argument must be a string, a bytes-like object or a real number, not 'list'
            float([]) -> TypeError: float() argument must be a string or a real number, not 'list'
            int("1" * 5000) -> ValueError: Exceeds the limit (4300 digits) for integer string conversion: value has 5000 digits; use sys.set_int_max_str_digits() to increase the limit
            "abc"[10] -> IndexError: string index out of range
            b"abc"[10] -> IndexError: index out of range
            bytearray(3)[5] -> IndexError: bytearray index out of range
            [1][5] -> IndexError: list index out of range
            set().pop() -> KeyError: 'pop from an empty set'
            [].remove(1) -> ValueError: list.remove(x): x not in list
            isinstance(1, 5) -> TypeError: isinstance() arg 2 must be a type, a tuple of types, or a union
            map(1) -> TypeError: map() must have at least two arguments.
            functools.reduce(max, []) -> TypeError: reduce() of empty iterable with no initial value
            1 / 0 -> ZeroDivisionError: division by zero
            1.5 / 0 -> ZeroDivisionError: float division by zero
            "{0}{}".format(1, 2) -> ValueError: cannot switch from manual field specification to automatic field numbering
            "{}{0}".format(1, 2) -> ValueError: cannot switch from automatic field numbering to manual field specification
            "{a} {+5} {0} {x[-1]}".format(7, a=1, x={"-1": 2}, **{"+5": 3}) -> 1 3 7 2
            "a".encode("nope") -> LookupError: unknown encoding: nope
            list(itertools.islice([1], "a", 2)) -> ValueError: Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize.
            struct.unpack("I", b"") -> error: unpack requires a buffer of 4 bytes
            struct.error.__name__ -> error
            decimal.Decimal("x") -> InvalidOperation: [<class 'decimal.ConversionSyntax'>]
            decimal.Decimal(1) / 0 -> DivisionByZero: [<class 'decimal.DivisionByZero'>]
            decimal.Decimal(None) -> TypeError: conversion from NoneType to Decimal is not supported
            int(decimal.Decimal("nan")) -> ValueError: cannot convert NaN to integer
            os.read(7777, 1) -> OSError: [Errno 9] Bad file descriptor
            os.rename("/proc/version", "/tmp/x") -> OSError: [Errno 18] Invalid cross-device link: '/proc/version' -> '/tmp/x'
            """;

  @Test
  void operations() {
    List<String> expressions = new ArrayList<>();
    List<String> replies = new ArrayList<>();
    for (String line : OPERATIONS.lines().toList()) {
      int arrow = line.indexOf(" -> ");
      expressions.add(line.substring(0, arrow));
      replies.add(line.substring(arrow + 4));
    }
    assertThat(call("operations", String.join(";", expressions)))
        .contains(String.join("\n", replies));
  }

  /** nginx takes the locale out of its workers' environment. */
  @Test
  void namesOfFiles() {
    assertThat(call("names", "").replace("\\", "")).contains("['u65e5u672c'], ['xe9.txt'], True");
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
