"""Evaluated first in a new context: makes the other files importable.

As _resty_polyglot.*, and the one that is for the guest as resty_ffi.
"""


def _start(host):
    """Starts the guest with the host's functions; returns what the host calls."""
    import sys
    from marshal import loads

    package = "_resty_polyglot"
    public = "resty_ffi"
    spec_type = type(sys.__spec__)

    class GlueImporter:
        """Imports the modules of the glue, whose text the host has."""

        def find_spec(self, name, path=None, target=None):
            if name == package or name == public or name.startswith(package + "."):
                return spec_type(name, self, is_package=name == package)
            return None

        def create_module(self, spec):
            return None

        def exec_module(self, module):
            file = module.__name__.rpartition(".")[2]
            if file != package:
                exec(self._code(file), module.__dict__)

        def _code(self, file):
            path = f"<resty-polyglot>/{file}.py"
            code = host.shared_code(path)
            if code is None:
                compiled = host.compiled_glue(file)
                if compiled is not None:
                    code = loads(compiled.encode("latin-1"))
                else:
                    code = self._compile(file, path)
                host.share_code(path, code)
            return code

        def _compile(self, file, path):
            text = host.glue(file)
            if text is None:
                raise ModuleNotFoundError(f"no module {file} in the glue")
            return compile(text, path, "exec", dont_inherit=True)

    sys.meta_path.insert(0, GlueImporter())
    sys.modules["__main__"].__dict__.pop("_start", None)
    from _resty_polyglot import library

    library.install(sys._stdlib_dir, host)
    from _resty_polyglot import guest

    return guest.start(host)


_start
