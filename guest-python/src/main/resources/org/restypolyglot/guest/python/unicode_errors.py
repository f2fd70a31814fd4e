"""Says of a UnicodeError what CPython says, where GraalPy has what Java's coders say.

The reasons are those of CPython 3.12; so are the ends of what could not be encoded or decoded, and
the names of the codecs.
"""

import codecs

_NAMES = {
    "iso8859-1": "latin-1",
    "raw-unicode-escape": "rawunicodeescape",
    "unicode-escape": "unicodeescape",
    "utf-16": "utf-16-le",
    "utf-32": "utf-32-le",
    "utf-7": "utf7",
}
_LIMITS = {"ascii": 128, "latin-1": 256}
_MULTIBYTE = ("big5", "cp932", "cp949", "cp950", "euc", "gb", "hz", "iso2022", "johab", "shift")
_OURS = ("malformed input", "unmappable character")
_ESCAPES = {b"x": r"truncated \xXX escape", b"u": r"truncated \uXXXX escape"}
_ESCAPES |= {b"U": r"truncated \UXXXXXXXX escape", b"": r"\ at end of string"}
_TRUNCATED = "truncated data"
_NO_END = "unexpected end of data"


def explain(error: UnicodeError) -> None:
    """Changes the error; one that somebody else has made stays as it is."""
    if error.reason in _OURS:
        codec = _own_name(error.encoding)
        find = _decoding if isinstance(error, UnicodeDecodeError) else _encoding
        codec, size, reason = find(error, codec)
        start = error.start
        error.__init__(codec, error.object, start, start + size, reason)


def _own_name(encoding):
    """Of the codec that was asked for by some name."""
    try:
        encoding = codecs.lookup(encoding).name
    except LookupError:
        pass
    return _NAMES.get(encoding, encoding)


def _decoding(error, codec):
    rest = error.object[error.start :]
    size = error.end - error.start
    if codec == "utf-8":
        return codec, *_utf_8(rest)
    if codec.startswith(("utf-16", "utf-32")):
        order = "big" if codec.endswith("be") else "little"
        return codec, *(_utf_16 if codec.startswith("utf-16") else _utf_32)(rest, order)
    if codec in _LIMITS:
        return codec, size, f"ordinal not in range({_LIMITS[codec]})"
    if codec == "unicodeescape":
        return codec, size, _unicode_escape(rest, size)
    if codec in _NAMES.values():
        return codec, size, error.reason
    if _is_multibyte(codec):
        incomplete = len(rest) == 1 and rest not in (b"\x80", b"\xa0", b"\xff")
        return codec, size, f"{'incomplete' if incomplete else 'illegal'} multibyte sequence"
    return "charmap", size, "character maps to <undefined>"


def _utf_8(rest):
    first = rest[0]
    if not 0xC2 <= first <= 0xF4:
        return 1, "invalid start byte"
    least, most = {0xE0: (0xA0, 0xBF), 0xED: (0x80, 0x9F), 0xF0: (0x90, 0xBF)}.get(
        first, (0x80, 0x8F if first == 0xF4 else 0xBF)
    )
    length = 2 if first < 0xE0 else 3 if first < 0xF0 else 4
    for index, byte in enumerate(rest[1:length], 1):
        if not least <= byte <= most:
            return index, "invalid continuation byte"
        least, most = 0x80, 0xBF
    return len(rest), _NO_END


def _utf_16(rest, order):
    if len(rest) < 2:
        return len(rest), _TRUNCATED
    if int.from_bytes(rest[:2], order) >= 0xDC00:
        return 2, "illegal encoding"
    return (2, "illegal UTF-16 surrogate") if len(rest) >= 4 else (len(rest), _NO_END)


def _utf_32(rest, order):
    if len(rest) < 4:
        return len(rest), _TRUNCATED
    if int.from_bytes(rest[:4], order) < 0x110000:
        return 4, "code point in surrogate code point range(0xd800, 0xe000)"
    return 4, "code point not in range(0x110000)"


def _unicode_escape(rest, size):
    if rest[1:2] == b"N":
        named = rest[2:3] == b"{" and rest[size - 1 : size] == b"}" and size > 4
        return "unknown Unicode character name" if named else r"malformed \N character escape"
    return _ESCAPES.get(rest[1:2], "illegal Unicode character")


def _encoding(error, codec):
    if codec.startswith("utf"):
        reason = "surrogates not allowed"
        return codec, _length(error, lambda each: "\ud800" <= each <= "\udfff"), reason
    if codec in _LIMITS:
        limit = _LIMITS[codec]
        length = _length(error, lambda each: ord(each) >= limit)
        return codec, length, f"ordinal not in range({limit})"
    if _is_multibyte(codec):
        return codec, error.end - error.start, "illegal multibyte sequence"
    length = _length(error, lambda each: not each.encode(codec, "ignore"))
    return "charmap", length, "character maps to <undefined>"


def _length(error, is_one):
    """Of the characters, one after the other, that cannot be encoded."""
    text, end = error.object, error.end
    while end < len(text) and is_one(text[end]):
        end += 1
    return end - error.start


def _is_multibyte(codec):
    return codec.replace("-", "").replace("_", "").startswith(_MULTIBYTE)
