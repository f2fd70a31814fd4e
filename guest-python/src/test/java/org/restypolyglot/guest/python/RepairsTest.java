package org.restypolyglot.guest.python;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the glue mends in built-in types and in the library; the expected texts are CPython 3.12's
 * on 64-bit Linux.
 */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class RepairsTest {
  private static final String MODULE =
      """
      import asyncio, codecs, datetime, pickle, sys, time

      DATE = datetime.datetime(2024, 12, 30, 4, 5, 6, tzinfo=datetime.timezone.utc)

      def told(function, *args):
          try:
              return function(*args)
          except Exception as error:
              return f"{type(error).__name__}: {error}"

      class Handlers:
          def strftime(self, req, task):
              format = req.decode()
              made = time.strftime(format, DATE.timetuple())
              return made if made == DATE.strftime(format) else f"{made} {DATE.strftime(format)}"

          def zones(self, req, task):
              here = time.strftime("%Z %z", time.localtime(0))
              zone = time.localtime(0)
              sign = "-" if zone.tm_gmtoff < 0 else "+"
              offset = abs(zone.tm_gmtoff) // 60
              expected = f"{zone.tm_zone} {sign}{offset // 60:02}{offset % 60:02}"
              return str((here == expected, time.strftime("%Z|%z", tuple(DATE.timetuple())),
                          DATE.strftime("%Z %z"), len(time.strftime("%F %T"))))

          def refused(self, req, task):
              return str([told(time.strftime, *args) for args in (
                  ("a\\0b",), ("%Y", (1, 2, 3)), ("%Y", (2024, 13, 1, 0, 0, 0, 0, 0, 0)), (7,), ("",))])

          def codecs(self, req, task):
              def search(name):
                  if name == "mine":
                      return codecs.CodecInfo(codecs.ascii_encode, codecs.ascii_decode, name="own")
              codecs.register(search)
              names = req.decode().split()
              return str([told(lambda name: codecs.lookup(name).name, name) for name in names])

          def accounts(self, req, task):
              import os, tempfile
              from _resty_polyglot import accounts
              with tempfile.TemporaryDirectory() as folder:
                  file = os.path.join(folder, "group")
                  missing = accounts._entries(file, 4, (2,))
                  with open(file, "w") as lines:
                      lines.write("root:x:0:\\n+:::\\n\\nusers:x:100:a,b\\n")
                  return str((missing, accounts._entries(file, 4, (2,))))

          def coroutines(self, req, task):
              async def numbers():
                  yield 1
              made, other = self.wait(), numbers()
              try:
                  return str((made.__name__, made.__qualname__, other.__name__, other.__qualname__))
              finally:
                  made.close()

          async def wait(self):
              pass

          def sizes(self, req, task):
              class Own:
                  def __sizeof__(self):
                      return 7
              class Wrong:
                  def __sizeof__(self):
                      return -1
              objects = (0, 2**60, "abc", "\\xe9\\xe9", "\\u20ac\\u20ac", "\\U0001f600", b"ab", (1, 2),
                         [1], {}, {1: 1}, {"a": 1}, dict.fromkeys(range(1000)), {1}, 1.5, True, None,
                         object(), lambda: 1, Own(), Wrong())
              return str([told(sys.getsizeof, each) for each in objects])

          def pickled(self, req, task):
              values = (DATE, DATE.date(), DATE.time(), DATE - DATE, datetime.timezone.utc)
              data = [pickle.dumps(value) for value in values]
              return str(([pickle.loads(each) for each in data] == list(values),
                          any(b"_pydatetime" in each for each in data), repr(DATE), type(DATE)))

          def digests(self, req, task):
              import hashlib
              blake = hashlib.blake2b(b"a", key=b"k", salt=b"s", person=b"p", digest_size=7)
              other = blake.copy()
              other.update(bytearray(b"bc"))
              shake = hashlib.shake_128(b"a")
              made = [
                  hashlib.blake2b(b"a", digest_size=8).hexdigest(), blake.hexdigest(), other.hexdigest(),
                  blake.hexdigest(), hashlib.new("blake2b", b"a", digest_size=5).hexdigest(),
                  hashlib.blake2s(b"a" * 1000).hexdigest()[:8], shake.hexdigest(5), shake.digest(0),
                  hashlib.shake_256(b"").hexdigest(40), blake.name, blake.digest_size, shake.block_size]
              blake2b, shake = hashlib.blake2b, shake.hexdigest
              refused = [told(lambda: blake2b(**given)) for given in (
                  {"digest_size": 65}, {"key": b"k" * 65}, {"salt": b"s" * 17}, {"foo": 1}, {"fanout": 2})]
              return str((made, refused + [told(blake2b, "a"), told(blake2b, 7), told(shake, "x"), told(shake, 1 << 40)]))

          def clients(self, req, task):
              import socket, ssl
              context = ssl.create_default_context()
              context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN | ssl.VERIFY_X509_STRICT
              context.options |= ssl.OP_NO_RENEGOTIATION
              checked = [context.hostname_checks_common_name]
              context.hostname_checks_common_name = False
              checked.append(context.hostname_checks_common_name)
              with socket.socket() as client:
                  for name in ("TCP_KEEPIDLE", "TCP_KEEPINTVL", "TCP_KEEPCNT", "TCP_NODELAY"):
                      client.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), 1)
                  refused = told(client.setsockopt, socket.IPPROTO_TCP, 9999, 1)
              return str((checked, refused, told(__import__, "crypt")))

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

  private static String call(String method, String request) throws Exception {
    return python.call(handlers, method, request);
  }

  @Test
  void strftime_knowsAllDirectives() throws Exception {
    assertThat(call("strftime", "%F %T %D %R %e %G-W%V-%u %C %g %h %I %k %l %P %r"))
        .isEqualTo(
            "2024-12-30 04:05:06 12/30/24 04:05 30 2025-W01-1 20 25 Dec 04  4  4 am 04:05:06 AM");
    assertThat(call("strftime", "%Y-%m-%d %H:%M:%S %A %a %B %b %c %j %p %U %w %W %x %X %y"))
        .isEqualTo(
            "2024-12-30 04:05:06 Monday Mon December Dec Mon Dec 30 04:05:06 2024 365 AM 52 1 53"
                + " 12/30/24 04:05:06 24");
  }

  @Test
  void strftime_keepsWhatIsNoDirective() throws Exception {
    assertThat(call("strftime", "%-d|%^a|%_H|%5d|%%F|ü%Fß|😀%R|%"))
        .isEqualTo("30|MON| 4|00030|%F|ü2024-12-30ß|😀04:05|%");
    assertThat(call("strftime", "")).isEmpty();
    assertThat(call("strftime", "x".repeat(5000) + "%F")).endsWith("x2024-12-30").hasSize(5010);
  }

  @Test
  void strftime_tellsZones() throws Exception {
    assertThat(call("zones", "")).isEqualTo("(True, '|', 'UTC +0000', 19)");
  }

  @Test
  void strftime_refusesWhatIsNoTime() throws Exception {
    assertThat(call("refused", ""))
        .startsWith("['ValueError: embedded null character', 'TypeError: ")
        .contains("'ValueError: month out of range', 'TypeError: ")
        .endsWith(", '']");
  }

  @Test
  void codecs_haveTheirOwnNames() throws Exception {
    assertThat(call("codecs", "utf8 U8 UTF-8 latin1 L1 us-ascii windows-1251 EUC-JP mine no.such"))
        .isEqualTo(
            "['utf-8', 'utf-8', 'utf-8', 'iso8859-1', 'iso8859-1', 'ascii', 'cp1251', 'euc_jp',"
                + " 'own', 'LookupError: unknown encoding no.such']");
  }

  @Test
  void coroutines_haveNames() throws Exception {
    assertThat(call("coroutines", "")).isEqualTo("('wait', 'wait', 'numbers', 'numbers')");
  }

  @Test
  void sizes_areCPythons() throws Exception {
    assertThat(call("sizes", ""))
        .isEqualTo(
            "[28, 36, 44, 59, 62, 64, 35, 56, 64, 64, 224, 184, 36952, 216, 24, 28, 16, 16, 160,"
                + " 23, 'ValueError: __sizeof__() should return >= 0']");
  }

  @Test
  void datesInPickles_areOfDatetime() throws Exception {
    assertThat(call("pickled", ""))
        .isEqualTo(
            "(True, False, 'datetime.datetime(2024, 12, 30, 4, 5, 6, tzinfo=datetime.timezone.utc)',"
                + " <class 'datetime.datetime'>)");
  }

  @Test
  void digests_haveAllLengths_andKeys() throws Exception {
    assertThat(call("digests", ""))
        .isEqualTo(
            "(['40f89e395b66422f', '8a9c6bd4e5ca1b', 'befc140de5c2e5', '8a9c6bd4e5ca1b',"
                + " 'f4e169f8ee', 'a4691c2b', '85c8de88d2', b'', '46b9dd2b0ba88d13233b3feb743eeb243fcd52ea62b81b82b50c27646ed5762fd75dc4ddd8c0f200',"
                + " 'blake2b', 7, 168], ['ValueError: digest_size must be between 1 and"
                + " 64 bytes', 'ValueError: maximum key length is 64 bytes', 'ValueError: maximum"
                + " salt length is 16 bytes', \"TypeError: 'foo' is an invalid keyword argument for"
                + " blake2b()\", 'NotImplementedError: blake2b: trees are not supported (fanout=2)',"
                + " 'TypeError: Strings must be encoded before hashing', 'TypeError: object"
                + " supporting the buffer API required', \"TypeError: 'str' object cannot be"
                + " interpreted as an integer\", 'ValueError: the"
                + " length is 1099511627776, not within 0 and 536870911'])");
  }

  /** urllib3 has no TLS without the flags; redis sets the times of TCP. */
  @Test
  void whatClientsSetBeforeTheyConnect_isTaken() throws Exception {
    assertThat(call("clients", ""))
        .isEqualTo(
            "([True, False], 'OSError: [Errno 92] Protocol not available', 'ImportError: The"
                + " required _crypt module was not built as part of CPython')");
  }

  /** Small containers have none of these files, and some lines are for NIS. */
  @Test
  void accounts_withoutFiles_andWithOtherLines() throws Exception {
    assertThat(call("accounts", ""))
        .isEqualTo("([], [['root', 'x', 0, ''], ['users', 'x', 100, 'a,b']])");
  }
}
