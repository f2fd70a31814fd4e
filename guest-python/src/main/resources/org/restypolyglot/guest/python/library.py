"""Imports the standard library from what PrepareResources.java has compiled of it.

The compiled files have a suffix of their own, as they name their sources from the library's folder
("json/decoder.py"): nobody knows yet where they will be installed. GraalPy cannot change the name
in a code object with all that is in it; in the file it stands once, before all else.
"""

import sys
from marshal import loads

_importer = sys.modules["_frozen_importlib_external"]
_SUFFIX = ".resty-polyglot.pyc"
_HEADER = 16
_TYPE_CODE = 0x43
_SIZE = 4

_WITH_ASYNC_WITH = ("asyncio.", "contextlib")

_early: "set[str]" = set()
_host = None


def install(library: str, host) -> None:
    """Has all modules below the folder imported by CompiledLoader, where it has a compiled file."""
    global _host
    _host = host
    loaders = [
        (CompiledLoader if loader is _importer.SourceFileLoader else loader, suffixes)
        for loader, suffixes in _importer._get_supported_file_loaders()
    ]
    finder = _importer.FileFinder.path_hook(*loaders)

    def hook(path):
        if path == library or path.startswith(library + "/"):
            return finder(path)
        raise ImportError(f"{path} is not in the standard library")

    sys.path_hooks.insert(0, hook)
    sys.path_importer_cache.clear()


def imported() -> "list[str]":
    """The names of all modules of the standard library that are imported by now."""
    return [name for name, module in sys.modules.items() if _is_library(module)]


def _is_library(module):
    return isinstance(getattr(getattr(module, "__spec__", None), "loader", None), CompiledLoader)


def import_before(names: "list[str]") -> None:
    """Imports what the module will need that is going to be loaded."""
    before = {name.partition(".")[0] for name in sys.modules}
    for name in names:
        try:
            __import__(name)
        except Exception:
            pass  # the module gets the error, if it still needs it
    _early.update(name.partition(".")[0] for name in sys.modules)
    _early.difference_update(before)


def forget_shadowed(shadows) -> None:
    """Lets the user's modules have the names that they would have had without import_before()."""
    for top in _early:
        if shadows(top):
            for name in list(sys.modules):
                if name.partition(".")[0] == top:
                    del sys.modules[name]
    _early.clear()


class CompiledLoader(_importer.SourceFileLoader):
    """A module of the standard library; compiles it if nobody has before."""

    def get_code(self, fullname):
        """The module's code, with the full name of its source."""
        source = self.get_filename(fullname)
        code = _host.shared_code(source)
        if code is None:
            code = self._load(fullname, source)
            _host.share_code(source, code)
        return code

    def _load(self, fullname, source):
        folder, _, file = source.rpartition("/")
        compiled = f"{folder}/__pycache__/{file.removesuffix('.py')}{_SUFFIX}"
        try:
            data = self.get_data(compiled)
        except OSError:
            return super().get_code(fullname)
        _importer._classify_pyc(data, fullname, {"name": fullname, "path": compiled})
        code = loads(_renamed(data[_HEADER:], source.encode()))
        if fullname.startswith(_WITH_ASYNC_WITH):
            _host.repair_async_with(code)
        return code


def _renamed(data, source):
    start = 1 + _SIZE
    end = start + int.from_bytes(data[1:start], "little")
    if data[0] & 0x7F == _TYPE_CODE and source.endswith(b"/" + data[start:end]):
        return data[:1] + len(source).to_bytes(_SIZE, "little") + source + data[end:]
    raise ImportError(f"the compiled file of {source.decode()} has the name of another source")
