"""Users and groups as /etc/passwd and /etc/group have them; no other service is asked.

GraalPy's Java backend of posix knows the worker's user only, and has no module grp.
"""

from collections import namedtuple

Group = namedtuple("struct_group", ("gr_name", "gr_passwd", "gr_gid", "gr_mem"))


def mend_pwd(pwd) -> None:
    """Other users than the worker's."""
    own_by_name, own_by_number = pwd.getpwnam, pwd.getpwuid

    def getpwnam(name, /):
        """Return the password database entry for the given user name."""
        try:
            return own_by_name(name)
        except (KeyError, OSError):
            return pwd.struct_passwd(_find(_users(), 0, name, "getpwnam(): name not found"))

    def getpwuid(uidobj, /):
        """Return the password database entry for the given numeric user ID."""
        try:
            return own_by_number(uidobj)
        except (KeyError, OSError):
            return pwd.struct_passwd(_find(_users(), 2, uidobj, "getpwuid(): uid not found"))

    pwd.getpwnam, pwd.getpwuid = getpwnam, getpwuid


def fill(grp, host) -> None:
    """Gives the module grp what CPython's has."""
    for value in (Group, getgrall, getgrgid, getgrnam):
        value.__module__ = "grp"
        setattr(grp, value.__name__, value)
    grp.__doc__ = "Access to the Unix group database."


def getgrall() -> "list[Group]":
    """Return a list of all available group entries, in arbitrary order."""
    return [
        Group(*fields, members.split(",") if members else [])
        for *fields, members in _entries("/etc/group", 4, (2,))
    ]


def getgrgid(id) -> Group:
    """Return the group database entry for the given numeric group ID."""
    if not isinstance(id, int):
        raise TypeError(f"'{type(id).__name__}' object cannot be interpreted as an integer")
    return _find(getgrall(), 2, id, "getgrgid(): gid not found")


def getgrnam(name) -> Group:
    """Return the group database entry for the given group name."""
    if not isinstance(name, str):
        raise TypeError(f"getgrnam() argument must be str, not {type(name).__name__}")
    return _find(getgrall(), 0, name, "getgrnam(): name not found")


def _users():
    return _entries("/etc/passwd", 7, (2, 3))


def _entries(file, columns, numbers):
    """The lines of a file, each as its fields; without those for NIS, which have no numbers."""
    found = []
    try:
        with open(file, encoding="utf-8", errors="surrogateescape") as lines:
            for line in lines:
                fields = line.rstrip("\n").split(":")
                if len(fields) == columns and all(fields[at].isdecimal() for at in numbers):
                    for at in numbers:
                        fields[at] = int(fields[at])
                    found.append(fields)
    except OSError:  # small containers have none
        pass
    return found


def _find(entries, column, key, refusal):
    for entry in entries:
        if entry[column] == key:
            return entry
    raise KeyError(f"{refusal}: {key!r}")
