"""Stands before all importers: refuses some modules, and changes others once they are imported."""

import _thread
import sys

from _resty_polyglot import native, repairs
from _resty_polyglot.sources import SourceLoader

# The standard library's C extension modules; those of packages are found by native.py.
_NATIVE = frozenset(
    ("_sqlite3", "pyexpat", "termios", "_sha3", "_cpython_sre", "_cpython_unicodedata")
)
_CTYPES = frozenset(("ctypes.wintypes", "_ctypes", "_cffi_backend"))

# Modules of ours that users import, and where they are made. GraalPy's Java backend of posix has no
# grp. cffi and ctypes are ours unless they may have the native access that they need.
_OURS = {
    "cffi": "cffi_api",
    "ctypes": "ctypes_types",
    "ctypes.util": "ctypes_types",
    "grp": "accounts",
    "resty_http": "http_api",
}

# asyncio imports them, for TLS, processes, and what goes wrong, and half of its time would go into
# them. With each the names that asyncio asks for in any case.
_DEFERRED = {
    "asyncio.sslproto": {},
    "asyncio.staggered": {},
    "inspect": {},
    "linecache": {},
    "ssl": {},
    "subprocess": {"PIPE": -1, "STDOUT": -2, "DEVNULL": -3},
    "traceback": {},
}


class Gate:
    """A finder that finds what another finder finds, or refuses to."""

    def __init__(self, host, after_import):
        self._host = host
        self._after_import = after_import
        self._repairs = repairs.hooks()

    def find_spec(self, name, path=None, target=None):
        """None for nearly all names: the finders behind this one are asked."""
        after = self._after_import.get(name)
        if after is not None:
            spec = self._with_hook(self._find_behind(name, path, target), after)
            return self._deferred(spec) if name in _DEFERRED else spec
        repair = self._repairs.get(name)
        if repair is not None:
            spec = native.isolated(self._host, self._find_behind(name, path, target))
            return self._with_repair(spec, repair)
        if name in _DEFERRED:
            return self._deferred(self._find_behind(name, path, target))
        if name == "_crypt":  # none of it works, and passlib has its own where there is no crypt
            raise ModuleNotFoundError(f"No module named '{name}'", name=name)
        if name in _NATIVE:
            return native.isolated(self._host, self._find_behind(name, path, target))
        if name in _CTYPES:
            self._check_ctypes(name)
        elif name == "java" or name.startswith("java."):
            self._check_java(name)
        elif name in _OURS:
            return self._native_one(name, path) or type(sys.__spec__)(
                name, _OurLoader(self._host), is_package=name == "ctypes"
            )
        return None

    def _native_one(self, name, path):
        needs = {"cffi": "_cffi_backend"}.get(name, name.removesuffix(".util"))
        if needs in ("_cffi_backend", "ctypes") and self._host.permits_native(needs):
            return self._find_behind(name, path, None)
        return None

    def _find_behind(self, name, path, target):
        for finder in sys.meta_path:
            if finder is not self and hasattr(finder, "find_spec"):
                spec = finder.find_spec(name, path, target)
                if spec is not None:
                    return spec
        return None

    def _with_repair(self, spec, repair):
        """The spec with something to do afterwards, whoever the module is by."""
        if spec is not None and spec.loader is not None:
            spec.loader = _Loader(spec.loader, repair)
        return spec

    def _with_hook(self, spec, after):
        """The spec with something to do afterwards, unless the module is one of the user's."""
        if spec is not None and not isinstance(spec.loader, (SourceLoader, type(None))):
            spec.loader = _Loader(spec.loader, after)
        return spec

    def _deferred(self, spec):
        """The spec of a module of the library that runs when it is first needed."""
        if spec is not None and not isinstance(spec.loader, (SourceLoader, type(None))):
            spec.loader = _DeferringLoader(spec.loader, _DEFERRED[spec.name])
        return spec

    def _check_ctypes(self, name):
        package = name if name == "_cffi_backend" else "ctypes"
        if not self._host.permits_native(package):
            from _resty_polyglot.ctypes_types import refusal

            raise ImportError(refusal(name, package), name=name)
        if name == "_ctypes":  # a library that it loads needs the C interface
            native.before_load()
            failure = self._host.load_c_api()
            if failure is not None:
                raise ImportError(f"{name}: {failure}", name=name)

    def _check_java(self, name):
        if not self._host.has_java:
            raise ImportError(
                f"import {name}: Java is not open to this runtime; name the classes that it may "
                'use in load_ffi\'s options: permissions = {java = {"java.util.*"}}',
                name=name,
            )


class _OurLoader:
    """Makes a module of ours that users import."""

    def __init__(self, host):
        self._host = host

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        glue = f"_resty_polyglot.{_OURS[module.__name__]}"
        __import__(glue)
        sys.modules[glue].fill(module, self._host)


def name_ours(module):
    """Functions that a module has from us have its name: pickles find them by it."""
    function = type(name_ours)
    for name, value in list(vars(module).items()):
        if type(value) is function and str(value.__module__).startswith("_resty_polyglot."):
            value.__module__, value.__qualname__ = module.__name__, name


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
        self._hide(module)
        self._loader.exec_module(module)
        self._after(module)
        if "pickle" in sys.modules:
            name_ours(module)

    def _hide(self, module):
        loader = self._loader
        while isinstance(loader, _Loader):
            loader = loader._loader
        module.__spec__.loader = module.__loader__ = loader


class _DeferringLoader(_Loader):
    """Runs the module by its own loader when it is asked for a name; in one thread, once."""

    def __init__(self, loader, known):
        super().__init__(loader, None)
        self._known = known

    def exec_module(self, module):
        self._hide(module)
        names = module.__dict__
        names.update(self._known)
        lock = _thread.RLock()
        runs = False

        def run():
            nonlocal runs
            with lock:
                if names.get("__getattr__") is __getattr__ and not runs:
                    runs = True
                    before = dict(names)
                    given = {name: names[name] for name in names if name[:2] != "__"}
                    try:
                        self._loader.exec_module(module)
                        names.update(given)  # somebody has replaced them before
                        del names["__getattr__"], names["__dir__"]
                    except BaseException:  # broken off, perhaps: the next try begins afresh
                        for name in names.keys() - before.keys():
                            del names[name]
                        names.update(before)
                        raise
                    finally:
                        runs = False

        def __getattr__(name):
            if name != "__path__":  # the import system asks for it
                run()
                if name in names:
                    return names[name]
            text = f"module '{module.__name__}' has no attribute '{name}'"
            raise AttributeError(text, name=name, obj=module)

        def __dir__():
            run()
            return sorted(names)

        names["__getattr__"] = __getattr__
        names["__dir__"] = __dir__


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
