"""binascii's functions for uuencode and quoted-printable, which GraalPy 25.0.3 lacks.

The results are those of CPython's.
"""

import binascii

_LINE = 76  # of quoted-printable, without its end
_MOST_OF_UU = 45
_HEX = b"0123456789ABCDEFabcdef"


def add_to(module) -> None:
    """Gives binascii what it lacks."""
    module.a2b_qp, module.b2a_qp = a2b_qp, b2a_qp
    module.a2b_uu, module.b2a_uu = a2b_uu, b2a_uu
    module.hexlify = module.b2a_hex = hexlify
    for function in (a2b_qp, b2a_qp, a2b_uu, b2a_uu, hexlify):
        function.__module__ = "binascii"


def hexlify(data, sep=None, bytes_per_sep=1):
    """Hexadecimal representation of binary data; sep goes between groups of bytes."""
    made = bytes(memoryview(data))
    if sep is None:
        return made.hex().encode()
    return made.hex(sep, bytes_per_sep).encode()


def a2b_uu(data, /):
    """Decode a line of uuencoded data."""
    data = _ascii(data)
    if not data:
        return b""
    length = (data[0] - 32) & 63
    bits = count = 0
    made = bytearray()
    at = 1
    while len(made) < length:
        character = data[at] if at < len(data) else 32
        at += 1
        if character in b"\r\n":
            value, at = 0, len(data)  # the rest is spaces that somebody has cut off
        elif 32 <= character <= 96:
            value = (character - 32) & 63
        else:
            raise binascii.Error("Illegal char")
        bits = (bits << 6 | value) & 0xFFFFFF
        count += 6
        if count >= 8:
            count -= 8
            made.append(bits >> count & 0xFF)
    if any(character not in b" `\r\n" for character in data[at:]):
        raise binascii.Error("Trailing garbage")
    return bytes(made)


def b2a_uu(data, /, *, backtick=False):
    """Uuencode a line of data."""
    data = bytes(memoryview(data))
    if len(data) > _MOST_OF_UU:
        raise binascii.Error("At most 45 bytes at once")
    zero = 96 if backtick else 32
    made = bytearray([32 + len(data) if data else zero])
    for at in range(0, len(data), 3):
        bits = int.from_bytes(data[at : at + 3].ljust(3, b"\0"), "big")
        made.extend((bits >> shift & 63) + 32 if bits >> shift & 63 else zero for shift in _SHIFTS)
    return bytes(made) + b"\n"


_SHIFTS = (18, 12, 6, 0)


def a2b_qp(data, header=False):
    """Decode a string of qp-encoded data."""
    data = _ascii(data)
    made = bytearray()
    at = 0
    while at < len(data):
        character = data[at : at + 1]
        at += 1
        if character != b"=":
            made += b" " if header and character == b"_" else character
        elif at < len(data) and data[at] in b"\r\n":  # a soft end of a line
            at = data.find(b"\n", at) + 1 or len(data)
        elif data[at : at + 1] == b"=":
            made += b"="
            at += 1
        elif len(data) - at >= 2 and data[at] in _HEX and data[at + 1] in _HEX:
            made.append(int(data[at : at + 2], 16))
            at += 2
        elif at < len(data):
            made += b"="
    return bytes(made)


def b2a_qp(data, quotetabs=False, istext=True, header=False):
    """Encode a string using quoted-printable encoding."""
    data = bytes(memoryview(data))
    first_end = data.find(b"\n")
    end = b"\r\n" if first_end > 0 and data[first_end - 1 : first_end] == b"\r" else b"\n"
    made = bytearray()
    length = at = 0
    while at < len(data):
        character = data[at]
        following = data[at + 1 : at + 2]
        if _is_quoted(data, at, length, quotetabs, istext, header):
            if length + 3 >= _LINE:
                made += b"=" + end
                length = 0
            made += b"=%02X" % character
            length += 3
            at += 1
        elif istext and (character == 10 or (character == 13 and following == b"\n")):
            if made[-1:] in (b" ", b"\t"):
                made[-1:] = b"=%02X" % made[-1]
            made += end
            length = 0
            at += 2 if character == 13 else 1
        else:
            if following not in (b"", b"\n") and length + 1 >= _LINE:
                made += b"=" + end
                length = 0
            made += b"_" if header and character == 32 else bytes((character,))
            length += 1
            at += 1
    return bytes(made)


def _is_quoted(data, at, length, quotetabs, istext, header):
    character = data[at]
    last = at + 1 == len(data)
    if character > 126 or character == 61 or (header and character == 95):
        return True
    if character == 46 and length == 0 and (last or data[at + 1] in b"\n\r\0"):
        return True  # a line of its own would end a mail
    if character in b"\r\n":
        return not istext
    if character in b"\t ":
        return last or quotetabs
    return character < 33


def _ascii(data):
    if isinstance(data, str):
        try:
            return data.encode("ascii")
        except UnicodeEncodeError:
            raise ValueError("string argument should contain only ASCII characters") from None
    return bytes(memoryview(data))
