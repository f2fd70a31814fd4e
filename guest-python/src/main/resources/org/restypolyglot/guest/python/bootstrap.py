"""Evaluated first in a new context: makes the other files importable, as _resty_polyglot.*."""


def _start(host):
    """Starts the guest with the host's functions; returns what the host calls."""
    import sys

    package = "_resty_polyglot"
    spec_type = type(sys.__spec__)

    class GlueImporter:
        """Imports the modules of the glue, whose text the host has."""

        def find_spec(self, name, path=None, target=None):
            if name == package or name.startswith(package + "."):
                return spec_type(name, self, is_package=name == package)
            return None

        def create_module(self, spec):
            return None

        def exec_module(self, module):
            file = module.__name__.rpartition(".")[2]
            if file != package:
                text = host.glue(file)
                if text is None:
                    raise ModuleNotFoundError(f"no module {file} in the glue")
                code = compile(text, f"<resty-polyglot>/{file}.py", "exec", dont_inherit=True)
                exec(code, module.__dict__)

    _use_compiled_library(sys)
    sys.meta_path.insert(0, GlueImporter())
    for name in "_start", "_use_compiled_library":
        sys.modules["__main__"].__dict__.pop(name, None)
    from _resty_polyglot import guest

    return guest.start(host)


def _use_compiled_library(sys):
    """Finds the standard library's .pyc files that are meant for us (see PrepareResources.java).

    They name their sources from the library's folder ("json/decoder.py"), as they are compiled
    before anybody knows where they will be installed. GraalPy cannot change the name in a code
    object with all that is in it; in the file it stands once, before all else.
    """
    importer = sys.modules["_frozen_importlib_external"]
    load = importer._compile_bytecode
    code, size = 0x43, 4

    def compile_bytecode(data, name=None, bytecode_path=None, source_path=None):
        """What an importer calls with the file's content, after its header."""
        if source_path is not None:
            data, path = bytes(data), source_path.encode()
            end = 1 + size + int.from_bytes(data[1 : 1 + size], "little")
            if data[0] & 0x7F == code and path.endswith(b"/" + data[1 + size : end]):
                data = data[:1] + len(path).to_bytes(size, "little") + path + data[end:]
        return load(data, name, bytecode_path, source_path)

    sys.implementation.cache_tag = "resty-" + sys.implementation.cache_tag
    importer._compile_bytecode = compile_bytecode


_start
