"""Imports the user's modules through the host, which knows what a load has read."""

import posix
import sys

from _resty_polyglot import native

_bootstrap = sys.modules["_frozen_importlib"]
_external = sys.modules["_frozen_importlib_external"]

_PACKAGE, _MODULE, _FOLDER = 1, 2, 3

_REWRITTEN = (b"except*", b"except *", b".__kwdefaults__[", b".__kwdefaults__.update(")

_lines: "dict[str, list[str]]" = {}
_loaded: "set[str]" = set()  # paths of sources that came through the host
_host = None
_library: "tuple[str, ...]" = ()


def install(host, roots: "list[str]") -> None:
    """Puts the roots before the standard library's folders, and our finder in charge of them."""
    global _host, _library
    _host = host
    _library = tuple(sys.path)

    def hook(path):
        """Takes every folder but the standard library's; files are left to zipimport."""
        if path.startswith(_library) or host.is_file(path):
            raise ImportError("not a folder of the user's", path=path)
        return SourceFinder(path)

    sys.path_hooks.insert(0, hook)
    sys.path_importer_cache.clear()
    sys.path[:0] = roots


def shadows(name: str) -> bool:
    """Whether a module of the user's comes before the standard library's of that name."""
    for folder in sys.path:
        if folder.startswith(_library):
            return False
        if _host.locate(f"{folder}/{name}") in (_PACKAGE, _MODULE):
            return True
    return False


def user_folders() -> "list[str]":
    """Where the user's modules are looked up."""
    return [folder for folder in sys.path if not folder.startswith(_library)]


def globals_of_modules() -> "list[dict]":
    """What the user's modules hold, the latest first."""
    return [
        vars(module)
        for module in reversed(list(sys.modules.values()))
        if isinstance(getattr(getattr(module, "__spec__", None), "loader", None), SourceLoader)
    ]


def exists(path: str) -> bool:
    """Whether there is a file or a folder."""
    return _host.locate(path) == _FOLDER or _host.is_file(path)


def normalized(path: str) -> str:
    """An absolute path without "." and ".." in it."""
    parts = []
    for part in path.split("/"):
        if part == "..":
            del parts[-1:]
        elif part not in ("", "."):
            parts.append(part)
    return "/" + "/".join(parts)


def text_of(file: str) -> str:
    """A text file, read through the host; empty where it cannot be read."""
    text = _host.read(file)
    return "" if isinstance(text, int) else text.encode("latin-1").decode("utf-8-sig", "replace")


class SourceFinder:
    """Finds the modules of one folder, as importlib's FileFinder does for sources."""

    def __init__(self, folder):
        self.path = (folder or posix.getcwd()).rstrip("/") or "/"

    def find_spec(self, fullname, target=None):
        """The spec of a package, a module or a part of a namespace package."""
        base = f"{self.path}/{fullname.rpartition('.')[2]}"
        kind = _host.locate(base)
        if kind == _PACKAGE:
            return _file_spec(fullname, base + "/__init__.py", [base])
        if kind == _MODULE:
            return _file_spec(fullname, base + ".py", None)
        if kind == _FOLDER:
            compiled = native.find_in(_host, self.path, fullname)
            if compiled is not None:  # with a folder of stubs beside it
                return compiled
            spec = _bootstrap.ModuleSpec(fullname, None, is_package=True)
            spec.submodule_search_locations = [base]
            return spec
        return None

    def invalidate_caches(self):
        """There are none."""

    def iter_modules(self, prefix=""):
        """For pkgutil: (name, whether it is a package) of each module."""
        try:
            names = sorted(posix.listdir(self.path))
        except OSError:
            return
        seen = set()
        for name in names:
            tail = name.removesuffix(".py")
            if "." not in tail and tail != "__init__" and tail not in seen:
                kind = _host.locate(f"{self.path}/{tail}")
                if kind in (_PACKAGE, _MODULE):
                    seen.add(tail)
                    yield prefix + tail, kind == _PACKAGE

    def __repr__(self):
        return f"SourceFinder({self.path!r})"


def _file_spec(name, path, locations):
    return _external.spec_from_file_location(
        name, path, loader=SourceLoader(name, path), submodule_search_locations=locations
    )


class SourceLoader(_external.SourceFileLoader):
    """Reads sources, and data beside them, through the host; neither reads nor writes .pyc."""

    def path_stats(self, path):
        """Without a time stamp importlib does not look for .pyc files."""
        raise OSError("no time stamp")

    def get_data(self, path):
        """The file's bytes."""
        text = _host.read(path)
        if isinstance(text, int):
            raise OSError(text, posix.strerror(text), path)
        return text.encode("latin-1")

    def set_data(self, path, data, *, _mode=0o666):
        """Nothing is written beside the user's files."""

    def source_to_code(self, data, path, *, _optimize=-1):
        """Compiles; the lines are kept where they are needed, for tracebacks."""
        _lines.pop(path, None)
        _loaded.add(path)
        if any(word in data for word in _REWRITTEN):
            code = self._compile(data, path, _optimize)
        else:
            try:
                code = super().source_to_code(data, path, _optimize=_optimize)
            except IndentationError as error:
                _find_indentation(error, data)
                raise
            if b"await" in data and _host.awaits_in_generators(code):
                code = self._compile(data, path, _optimize)
        if b"async with" in data:
            _host.repair_async_with(code)
        return code

    def _compile(self, data, path, optimize):
        from _resty_polyglot import syntax

        return syntax.compile_source(_host, data, path, optimize)


def _find_indentation(error, data):
    """GraalPy 25.0.3 says of any unexpected indent that it is in line 1."""
    lines = _decode(data).splitlines(keepends=True)
    if not _has_unexpected_indent(lines):
        return
    before, until = 0, len(lines)  # lines without it, lines with it
    while before + 1 < until:
        middle = (before + until) // 2
        if _has_unexpected_indent(lines[:middle]):
            until = middle
        else:
            before = middle
    text = lines[until - 1]
    indent = len(text) - len(text.lstrip())
    error.lineno, error.offset, error.text = until, indent, text
    error.end_lineno, error.end_offset = until, -1
    error.args = error.msg, (error.filename, until, indent, text, until, -1)


def _has_unexpected_indent(lines):
    try:
        compile("".join(lines), "", "exec", dont_inherit=True)
    except IndentationError as error:
        return error.msg == "unexpected indent"
    except (SyntaxError, ValueError):
        pass
    return False


def lines_of(file: str) -> "list[str]":
    """The lines of a source file; none where it cannot be read."""
    lines = _lines.get(file)
    if lines is None:
        lines = _decode(_bytes_of(file)).splitlines()
        _lines[file] = lines
    return lines


def _bytes_of(file):
    """What was loaded, or else is on disk; nothing where that cannot be read."""
    try:
        if file in _loaded:
            text = _host.read(file)
            return b"" if isinstance(text, int) else text.encode("latin-1")
        with _external._io.FileIO(file, "r") as on_disk:
            return on_disk.read()
    except (OSError, ValueError):
        return b""


def _decode(data):
    try:
        return _external.decode_source(data)
    except (SyntaxError, UnicodeError):
        return data.decode("utf-8", "replace")
