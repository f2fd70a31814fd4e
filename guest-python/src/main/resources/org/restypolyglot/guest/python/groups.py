"""The module grp, which GraalPy's Java backend of posix lacks: /etc/group, without other services."""

from collections import namedtuple

_FILE = "/etc/group"

Group = namedtuple("struct_group", ("gr_name", "gr_passwd", "gr_gid", "gr_mem"))


def fill(grp, host) -> None:
    """Gives the module what CPython's has."""
    for value in (Group, getgrall, getgrgid, getgrnam):
        value.__module__ = "grp"
        setattr(grp, value.__name__, value)
    grp.__doc__ = "Access to the Unix group database."


def getgrall() -> "list[Group]":
    """Return a list of all available group entries, in arbitrary order."""
    with open(_FILE, encoding="utf-8", errors="surrogateescape") as groups:
        lines = [line.rstrip("\n").split(":") for line in groups]
    return [
        Group(name, password, int(number), members.split(",") if members else [])
        for name, password, number, members in (fields for fields in lines if len(fields) == 4)
    ]


def getgrgid(id) -> Group:
    """Return the group database entry for the given numeric group ID."""
    if not isinstance(id, int):
        raise TypeError(f"'{type(id).__name__}' object cannot be interpreted as an integer")
    for group in getgrall():
        if group.gr_gid == id:
            return group
    raise KeyError(f"getgrgid(): gid not found: {id}")


def getgrnam(name) -> Group:
    """Return the group database entry for the given group name."""
    if not isinstance(name, str):
        raise TypeError(f"getgrnam() argument must be str, not {type(name).__name__}")
    for group in getgrall():
        if group.gr_name == name:
            return group
    raise KeyError(f"getgrnam(): name not found: {name!r}")
