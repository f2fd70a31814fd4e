"""Gives modules what GraalPy 25.0.3 lacks; listed, with reasons, in docs/python-packages.md."""

_UNICODE_DATA = ("decimal", "decomposition", "digit", "mirrored", "numeric")
_NAME = "name '"


def hooks() -> dict:
    """What to do after which import of a package's module."""
    return {
        "h11._util": _after_h11_util,
        "pydantic.errors": _after_pydantic_errors,
        "pyexpat": _after_pyexpat,
    }


class _Unicode320:
    """unicodedata as of Unicode 3.2, which names of hosts are made with; newer characters count."""

    unidata_version = "3.2.0"

    def __init__(self, unicodedata):
        self._now = unicodedata

    def __getattr__(self, name):
        return getattr(self._now, name)


def after_unicodedata(unicodedata, host):
    """What GraalPy has in the module's compiled half only.

    Some of it comes from Java, see UnicodeTables.java; for some GraalPy does not ask that half.
    """
    delegate = unicodedata.__dict__["__getattr__"]

    def __getattr__(name):
        if name in _UNICODE_DATA:
            return getattr(__import__("_cpython_unicodedata"), name)
        return delegate(name)

    def east_asian_width(chr, /):
        """Returns the east asian width assigned to the character chr as string."""
        return host.east_asian_width(ord(chr))

    def combining(chr, /):
        """Returns the canonical combining class assigned to the character chr as integer."""
        return host.combining(ord(chr))

    def lookup(name, /):
        """Look up character by name."""
        found = host.character_named(name)
        if found is None:
            raise KeyError(f"undefined character name '{name}'")
        return found

    unicodedata.__getattr__ = __getattr__
    unicodedata.east_asian_width = east_asian_width
    unicodedata.combining = combining
    unicodedata.lookup = lookup
    unicodedata.ucd_3_2_0 = _Unicode320(unicodedata)


def _after_pydantic_errors(errors):
    """NameError has no attribute `name`; the text has the name."""
    undefined = errors.PydanticUndefinedAnnotation

    def from_name_error(cls, name_error):
        """The error for an annotation that cannot be resolved yet."""
        text = str(name_error)
        name = getattr(name_error, "name", None)
        if name is None and text.startswith(_NAME):
            name = text[len(_NAME) :].partition("'")[0]
        return cls(name=name, message=text)

    undefined.from_name_error = classmethod(from_name_error)


def _after_pyexpat(pyexpat):
    """The class's name ends up with half of its module's."""
    module, _, name = "xml.parsers.expat.ExpatError".rpartition(".")
    pyexpat.error.__module__ = module
    pyexpat.error.__name__ = pyexpat.error.__qualname__ = name


def _after_h11_util(util):
    """A sentinel there is its own class, which cannot be; here Sentinel stays its class."""

    def __new__(cls, name, bases, namespace, **keywords):
        return type.__new__(cls, name, bases, namespace, **keywords)

    util.Sentinel.__new__ = __new__
