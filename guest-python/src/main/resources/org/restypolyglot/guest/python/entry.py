"""Finds the user's module and calls its entry."""

import sys

from _resty_polyglot import failures, library, sources
from _resty_polyglot.callables import shape
from _resty_polyglot.failures import Refused
from _resty_polyglot.handlers import Handlers

_FOLDER = 3


class ImportFailed(Exception):
    """The module's own failure, with text that says which module it was."""

    def __init__(self, text: str, error: BaseException):
        super().__init__(text)
        self.text = text
        self.error = error


def import_module(host, module: str):
    """Imports "demo.echo" or "demo/echo"."""
    name = _dotted_name(module)
    library.forget_shadowed(sources.shadows)
    _open_namespaces(host, name)
    try:
        __import__(name)
        return sys.modules[name]
    except ModuleNotFoundError as error:
        if error.name and (name + ".").startswith(error.name + "."):
            raise Refused(_not_found(host, module, name, error)) from None
        raise ImportFailed(f'module "{module}": {failures.describe(error)}', error) from None
    except BaseException as error:
        raise ImportFailed(f'module "{module}": {failures.describe(error)}', error) from None


def _dotted_name(module):
    if "/" not in module:
        return module
    path = module.removesuffix(".py")
    if path.startswith("/"):
        folder, _, path = path.rpartition("/")
        sys.path.insert(0, folder or "/")
    parts = [part for part in path.split("/") if part not in ("", ".")]
    if not parts or any("." in part for part in parts):
        raise Refused(
            f'module "{module}": a path to a module is made of names without dots, '
            "such as dir/module"
        )
    return ".".join(parts)


def _open_namespaces(host, name):
    """Lets a folder of the user's be found where the standard library has a package of its name."""
    top, _, rest = name.partition(".")
    if not rest or top in sys.modules:
        return
    tail = name.replace(".", "/")
    folders = [root for root in sources.user_folders() if host.locate(f"{root}/{top}") == _FOLDER]
    if any(host.locate(f"{root}/{tail}") for root in folders):
        package = type(sys)(top)
        package.__path__ = [f"{root}/{top}" for root in folders]
        spec = type(sys.__spec__)(top, None, is_package=True)
        spec.submodule_search_locations = package.__path__
        package.__spec__ = spec
        sys.modules[top] = package


def _not_found(host, module, name, error):
    looked = ", ".join(folder + host.note_on(folder) for folder in sources.user_folders())
    if error.name == name:
        return f'module "{module}" was not found in {looked}'
    return f'module "{module}" was not found in {looked}: {error}'


def call(host, module, entry: str, config: "str | None"):
    """What the module's entry returns, and whether it is of the form that may poll itself."""
    function = getattr(module, entry, None)
    where = f'"{entry}" in {_file(module)}'
    if function is None and not hasattr(module, entry):
        names = sorted(
            name
            for name, value in vars(module).items()
            if callable(value) and not name.startswith("_")
        )
        raise Refused(f"there is no entry {where}; it has: {', '.join(names) or 'no functions'}")
    if not callable(function):
        raise Refused(f"the entry {where} is not callable, but of type {type(function).__name__}")
    least, most = shape(function)
    if least == 2:
        _check_cffi(where)
        return function(_address_of(config), host.queue_handle()), True
    return (function() if most == 0 else function(config)), False


def _check_cffi(where):
    """The package would take our addresses for the process's."""
    package = getattr(sys.modules.get("cffi"), "__path__", None)
    if package is not None:
        raise Refused(
            f"the entry {where} takes (cfg, tq), for the module cffi that runtimes have, but here "
            f"cffi is the package in {list(package)[0]}: load it without native access for "
            '"_cffi_backend"'
        )


def _address_of(config):
    """What lua-resty-ffi's loader gives as cfg: the number of a char *, 0 for none."""
    if config is None:
        return 0
    from _resty_polyglot.cffi_memory import CONFIG, Block

    text = config.encode()
    return Block(len(text) + 1, text, CONFIG).address()


def polls(module, entry: str, made) -> bool:
    """Whether an entry of (cfg, tq) that returned this polls itself; raises for a failure's rc."""
    if made is None:
        return True
    if not isinstance(made, int):
        return False
    if made == 0:
        return True
    refused = Refused(f'the entry "{entry}" in {_file(module)} returned {int(made)}')
    refused.rc = int(made)
    raise refused


def handlers(module, module_name: str, entry: str, made) -> Handlers:
    """The handlers that the entry has made."""
    try:
        return Handlers(module_name, made)
    except Refused as refused:
        raise Refused(f'the entry "{entry}" in {_file(module)}: {refused}') from None


def _file(module):
    return getattr(module, "__file__", None) or module.__name__
