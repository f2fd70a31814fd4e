"""opts.venv: installed packages, after the standard library, as in a virtual environment."""

import posix
import sys

from _resty_polyglot import failures, sources


def install(host, folder: str, prefix: "str | None") -> None:
    """Adds the folder, and what its .pth files name."""
    if prefix is not None:
        sys.prefix = sys.exec_prefix = prefix
    sys.path.append(folder)
    for name in sorted(posix.listdir(folder)):
        if name.endswith(".pth") and not name.startswith("."):
            _read(host, folder, name)


def _read(host, folder, name):
    """A line is a folder, or an import statement to be run; what fails ends the file."""
    for number, line in enumerate(sources.text_of(f"{folder}/{name}").splitlines(), 1):
        line = line.rstrip()
        if not line or line.startswith("#"):
            continue
        if line.startswith(("import ", "import\t")):
            try:
                exec(line, {})
            except Exception as error:
                text = failures.describe(error)
                host.log("WARN", f"{folder}/{name}, line {number}: {line}: {text}")
                return
        else:
            _add(line if line.startswith("/") else f"{folder}/{line}")


def _add(path):
    path = sources.normalized(path)
    if path not in sys.path and sources.exists(path):
        sys.path.append(path)
