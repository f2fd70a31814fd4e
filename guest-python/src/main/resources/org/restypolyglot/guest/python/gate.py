"""Stands before all importers: refuses some modules, and changes others once they are imported."""

import sys

from _resty_polyglot.sources import SourceLoader

# The standard library's C extension modules (see NativeModules.java); others cannot be found.
_NATIVE = frozenset(
    ("_sqlite3", "pyexpat", "termios", "_sha3", "_cpython_sre", "_cpython_unicodedata")
)
_NEEDED = frozenset(("_sqlite3", "pyexpat"))
_CTYPES = frozenset(("ctypes", "_ctypes", "_cffi_backend"))


class Gate:
    """A finder that finds what another finder finds, or refuses to."""

    def __init__(self, host, after_import, before_native):
        self._host = host
        self._after_import = after_import
        self._before_native = before_native

    def find_spec(self, name, path=None, target=None):
        """None for nearly all names: the finders behind this one are asked."""
        after = self._after_import.get(name)
        if after is not None:
            return self._with_hook(self._find_behind(name, path, target), after)
        if name in _NATIVE:
            self._check_native(name)
        elif name in _CTYPES:
            raise ImportError(
                f"{name} needs native access, which is not open to this runtime", name=name
            )
        elif name == "java" or name.startswith("java."):
            self._check_java(name)
        return None

    def _find_behind(self, name, path, target):
        for finder in sys.meta_path:
            if finder is not self and hasattr(finder, "find_spec"):
                spec = finder.find_spec(name, path, target)
                if spec is not None:
                    return spec
        return None

    def _with_hook(self, spec, after):
        """The spec with something to do afterwards, unless the module is one of the user's."""
        if spec is not None and not isinstance(spec.loader, (SourceLoader, type(None))):
            spec.loader = _Loader(spec.loader, after)
        return spec

    def _check_native(self, name):
        if not self._host.claim_native(name):
            text = (
                f"{name} is a C extension module: such modules work in one Python runtime of an "
                "nginx worker, the first that imports one, until the worker ends"
            )
            if name in _NEEDED:  # xml.etree would replace an ImportError's text by its own
                raise RuntimeError(text)
            raise ImportError(text, name=name)
        self._before_native()

    def _check_java(self, name):
        if not self._host.has_java:
            raise ImportError(
                f"import {name}: Java is not open to this runtime; name the classes that it may "
                'use in load_ffi\'s options: permissions = {java = {"java.util.*"}}',
                name=name,
            )


class _Loader:
    """A module's own loader, with something to do after it; leaves no trace in the module."""

    def __init__(self, loader, after):
        self._loader = loader
        self._after = after

    def __getattr__(self, name):
        return getattr(self._loader, name)

    def create_module(self, spec):
        return self._loader.create_module(spec)

    def exec_module(self, module):
        module.__spec__.loader = module.__loader__ = self._loader
        self._loader.exec_module(module)
        self._after(module)


def refuse_java_class(java, permits) -> None:
    """Makes java.type() say which permission a class needs."""
    find = java.type

    def type(name):
        """The Java class of that name."""
        if isinstance(name, str) and not permits(name):
            raise PermissionError(
                f"Java class {name} is not open to this runtime; add it to load_ffi's options: "
                f'permissions = {{java = {{"{name}"}}}}'
            )
        return find(name)

    java.type = type
