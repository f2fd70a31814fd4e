"""Loads compiled modules, each context a copy of its own; says why where that is not possible."""

import posix
import sys

import _imp

_external = sys.modules["_frozen_importlib_external"]

_SUFFIX = _imp.extension_suffixes()[0]  # .graalpy250-312-native-x86_64-linux.so
before_load = None  # guest.rest; a load waits until each thread of the context is out of Java

_TAG = "-".join(_SUFFIX.split("-")[:2]).removeprefix(".")


def isolated(host, spec):
    """The spec of a compiled module, to be loaded from a copy."""
    if spec is not None and type(spec.loader) is _external.ExtensionFileLoader:
        spec.loader = NativeLoader(host, spec.name, spec.origin)
    return spec


class NativeLoader(_external.ExtensionFileLoader):
    """A compiled module that this engine can load."""

    def __init__(self, host, name, path):
        super().__init__(name, path)
        self._host = host

    def create_module(self, spec):
        """Loads a copy, which is gone afterwards."""
        before_load()
        copy = self._host.copy_native(self.path)
        if copy.rpartition("/")[2] != self.path.rpartition("/")[2]:
            raise ImportError(f"{spec.name}: {copy}", name=spec.name, path=self.path)
        try:
            module = _imp.create_dynamic(type(spec)(spec.name, self, origin=copy))
        finally:
            self._host.drop_native(copy)
        module.__file__ = self.path
        return module


class _Refusal:
    """The loader of a compiled module that cannot be loaded: says so at the import."""

    def __init__(self, text, package, path):
        self._text = text
        self._package = package
        self._path = path

    def create_module(self, spec):
        """Raises what code catches that has a substitute in Python.

        It has the package's name, as importlib swallows the error of "from package import part"
        where it has the part's.
        """
        raise ModuleNotFoundError(self._text, name=self._package, path=self._path)

    def exec_module(self, module):
        """There is no module."""


class NativeFinder:
    """The last finder: finds the compiled modules of packages, where there is nothing else."""

    def __init__(self, host, folders):
        self._host = host
        self._folders = folders

    def find_spec(self, name, path=None, target=None):
        """The spec of a module that is compiled, for whatever engine."""
        for folder in self._folders() if path is None else path:
            spec = find_in(self._host, folder, name)
            if spec is not None:
                return spec
        return None


def find_in(host, folder, name):
    """The spec of the compiled module of that name in the folder; None where there is none."""
    tail = name.rpartition(".")[2]
    try:
        files = posix.listdir(folder or ".")
    except (OSError, TypeError):
        return None
    files = [file for file in files if file.startswith(tail + ".") and _is_library(file)]
    if not files:
        return None
    file = tail + _SUFFIX
    return _spec(host, name, f"{folder}/{file if file in files else files[0]}")


def _spec(host, name, path):
    host.is_file(path)  # so that hot reload knows of it
    package = name.partition(".")[0]
    if not path.endswith(_SUFFIX):
        loader = _Refusal(_for_others(name, package, path), package, path)
    elif not host.permits_native(package):
        loader = _Refusal(_not_permitted(name, package), package, path)
    else:
        loader = NativeLoader(host, name, path)
    return _external.spec_from_file_location(name, path, loader=loader)


def _is_library(file):
    return file.endswith((".so", ".pyd", ".dylib"))


def _for_others(name, package, path):
    return (
        f"{name} is compiled for another Python ({path}), and GraalPy, which runs here, cannot load "
        f"it: install {package} for GraalPy (a wheel with the tag {_TAG}, or from source, with "
        "dist/bin/graalpy; see docs/python-packages.md), or use a package in pure Python instead"
    )


def _not_permitted(name, package):
    return (
        f"{name} is compiled code, and native access is not open to this runtime; add its package "
        f'to load_ffi\'s options: permissions = {{native = {{"{package}"}}}}'
    )
