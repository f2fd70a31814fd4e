import codecs
import datetime
import decimal
import fractions
import random


class Odd(float):
    def __add__(self, other):
        return "odd"


class Index(int):
    pass


def told(function, *args, **names):
    try:
        print(repr(function(*args, **names)))
    except Exception as error:
        print(type(error).__name__, error)


for values in (
    [0.1] * 10,
    [1e16, 1.0, -1e16],
    (0.1, 0.2, 0.3),
    [],
    [True, False, 2],
    [1, 2.5, 3],
    range(10),
    {1: 2, 3: 4},
    [1e308, 1e308, -1e308],
    [float("inf"), 1.0],
    [float("inf"), -float("inf")],
    [float("nan"), 1],
    [0.1, 1j, 0.2],
    [10**30, 1.5],
    [1.5, 10**30],
    [1.5, 10**400],
    [-0.0, -0.0],
    [decimal.Decimal("1.1"), 2],
    [fractions.Fraction(1, 3), 1.5],
    [1.5, fractions.Fraction(1, 3), 0.1, 0.2],
    [Odd(1.5)],
    [1.5, Odd(2)],
    [1.5, Index(2), Index(10**20)],
    ["a"],
    [1.5, "a"],
    [None],
):
    told(sum, values)
    told(sum, iter(values))
told(sum, (x / 10 for x in range(10)))
told(sum, [1, 2], 3.5)
told(sum, [0.1, 0.2], start=0.3)
told(sum, [[1], [2]], [])
told(sum, [-0.0], -0.0)
told(sum, [datetime.timedelta(1)] * 2, datetime.timedelta(0))
told(sum, ["a"], "")
told(sum, [b"a"], b"")
told(sum, [1], "x")
told(sum, 3)
chosen = random.Random(3)
for _ in range(5):
    numbers = [chosen.uniform(-1e10, 1e10) * 10 ** chosen.randrange(-10, 10) for _ in range(50)]
    print(sum(numbers), sum(number for number in numbers), sum(map(int, numbers)))

told(codecs.decode, "\\n\\x41\xe9", "unicode-escape")
told(codecs.decode, r"\u0041", "raw-unicode-escape")
told(codecs.decode, "abc", "utf-8")
told(codecs.escape_decode, "a\\n")
told(codecs.unicode_escape_decode, "\\x41", "strict")
told(codecs.unicode_escape_decode, "\\x4")
told(b"\\t".decode, "unicode_escape")
told("\xe9".encode, "charmap")
told(b"\xe9".decode, "charmap")
told(codecs.charmap_encode, "\xe9")
told(codecs.charmap_encode, "ab", "strict", {97: 65, 98: None})
told("\xe9".encode, "cp1252")


def keywords(*, a=None, b=None):
    return a, b


keywords.__kwdefaults__["a"] = 5
print(keywords(), keywords.__kwdefaults__)
keywords.__kwdefaults__.update({"b": 6}, a=7)
print(keywords())
