import codecs
import io
import json
import traceback
import urllib.parse


def told(function, *args):
    try:
        print(repr(function(*args)))
    except UnicodeError as error:
        print(type(error).__name__, error, [getattr(error, name, None) for name in FIELDS])
    except Exception as error:
        print(type(error).__name__, error)


FIELDS = ("encoding", "start", "end", "reason")
WRONG = r"""ff|61c3|61c328|e282|e28278|e228a1|f09f98|f09f9878|f8|eda080|c080|f4908080|80|616263e974|e08080
f5616263|f0808080|e228|edbf|61edbfbf|c3c3|f0|f4bf|e2e282ac|dfdf|efbfbf|efbf|c2"""
for each in WRONG.replace("\n", "|").split("|"):
    told(bytes.fromhex(each).decode)

told(str, b"\xff", "utf-8")
told(b"\xff\xfe".decode, "ascii")
for text, codec in (
    ("\xe9\u20ac", "latin-1"),
    ("a\xe9\u20acb", "ascii"),
    ("\ud800", "utf-8"),
    ("\xe9\u20ac\u6f22", "cp1252"),
    ("\xe9\u6f22\u6f22a", "iso-8859-2"),
    ("\U0001f600", "big5"),
    ("\xe9", "idna"),
    ("a\u20ac", "iso-8859-1"),
    ("a\u20ac", "L1"),
    ("\ud800", "U8"),
):
    told(text.encode, codec)
for data, codec in (
    (b"a", "utf-16-le"),
    (b"\x00\xd8", "utf-16-le"),
    (b"\x00\xd8a\0", "utf-16-le"),
    (b"\x00\xdc", "utf-16-le"),
    (b"\xd8\x00\x00a", "utf-16-be"),
    (b"abc", "utf-32"),
    (b"abc\xff", "utf-32-le"),
    (b"\x81", "cp1252"),
    (b"\xff\xff", "shift_jis"),
    (b"\x81", "euc_jp"),
    (b"\\x4", "unicode_escape"),
    (b"\\N{nope}", "unicode_escape"),
    (b"\\u12", "unicode_escape"),
    (b"\\U0011", "unicode_escape"),
    (b"\xff", "raw_unicode_escape"),
    (b"\\x4", "Unicode-Escape"),
    (b"\xff", "UTF8"),
    (b"\xff", "utf-8-sig"),
    (b"\xff", "us-ascii"),
    (b"a", "utf_16_LE"),
    (b"abc", "UTF-32BE"),
    (b"\x81", "windows-1252"),
):
    told(data.decode, codec)

told(json.loads, b'"\xff"')
told(io.TextIOWrapper(io.BytesIO(b"ab\xffc")).read)
told(io.TextIOWrapper(io.BytesIO(b"ab\xff"), encoding="ascii").read)
told(codecs.getincrementaldecoder("utf-8")().decode, b"\xe2\x82", True)
decoder = codecs.getincrementaldecoder("utf-8")()
decoder.decode(b"ab\xe2")
told(decoder.decode, b"x")
told(b"\xff".decode, "utf-8", "nope")
for errors in ("replace", "backslashreplace", "ignore", "surrogateescape"):
    told(b"\xffa\xe2\x82".decode, "utf-8", errors)
for errors in ("replace", "backslashreplace", "ignore", "xmlcharrefreplace"):
    told("a\xe9\u20ac".encode, "ascii", errors)
told("a\udcffb".encode, "utf-8", "surrogateescape")
told("a\udcff\xe9b".encode, "ascii", "surrogateescape")
told(bytes, "\xe9", "ascii")
told(lambda: urllib.parse.unquote("%ff", errors="strict"))
told(urllib.parse.quote, "\ud800")


def own(error):
    return f"<{error.start}>", error.end


codecs.register_error("own", own)
told("a\xe9b\u20ac".encode, "ascii", "own")
told(lambda: codecs.lookup_error("strict")(UnicodeDecodeError("x", b"abc", 1, 2, "as it was")))
told(codecs.strict_errors, ValueError("another"))
try:
    b"\xff".decode()
except UnicodeDecodeError:
    print(traceback.format_exc().replace(__file__, "FILE"))
