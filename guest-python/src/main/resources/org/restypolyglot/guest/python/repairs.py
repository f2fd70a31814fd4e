"""Gives modules what GraalPy 25.0.3 lacks; listed, with reasons, in docs/python-packages.md."""

import sys

_UNICODE_DATA = ("decimal", "decomposition", "digit", "mirrored", "numeric")
_NAME = "name '"


def apply() -> None:
    """For what is imported from the start."""
    _repair_unicodedata(sys.modules["unicodedata"])


def hooks() -> dict:
    """What to do after which import of a package's module."""
    return {
        "h11._util": _after_h11_util,
        "pydantic.errors": _after_pydantic_errors,
        "pyexpat": _after_pyexpat,
    }


def _repair_unicodedata(unicodedata):
    """GraalPy does not ask the compiled half of this module for all that is in it."""
    delegate = unicodedata.__dict__["__getattr__"]

    def __getattr__(name):
        if name in _UNICODE_DATA:
            return getattr(__import__("_cpython_unicodedata"), name)
        return delegate(name)

    unicodedata.__getattr__ = __getattr__


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
