"""Texts of errors and objects, for which dist/ has another standard library than GraalPy."""

import datetime
import decimal
import functools
import itertools
import json
import os
import struct
import tempfile
import zoneinfo


class Named(str):
    """Formats in its own way."""

    def format(self, *args):
        return "own " + super().format(*args)


class Empty:
    """Has one attribute."""

    nothing = None


class Slots:
    """An attribute that is not set."""

    __slots__ = ("slot",)


class NoFloat:
    """Is none, though it says so."""

    def __float__(self):
        return 1


def unbound():
    """A variable that has no value yet."""
    print(variable)
    variable = 1


OPERATIONS = {
    "Empty": Empty,
    "NoFloat": NoFloat,
    "Slots": Slots,
    "decimal": decimal,
    "functools": functools,
    "itertools": itertools,
    "os": os,
    "struct": struct,
    "unbound": unbound,
}


def told(function, *args, **names):
    """What a function returns, or what it raises."""
    try:
        return str(function(*args, **names))
    except Exception as error:
        return f"{type(error).__name__}: {error}"


class Handlers:
    """One method for each kind."""

    def dates(self, req, task):
        naive = datetime.datetime(2024, 1, 2)
        aware = naive.replace(tzinfo=zoneinfo.ZoneInfo("UTC"))
        fields = ((2024, 13, 1), (2023, 2, 29), (2024, 1, 1, 24), (0, 1, 1))
        made = [told(datetime.datetime, *each) for each in fields]
        made.append(told(datetime.time, 1, 60))
        made.append(told(lambda: naive - aware))
        made.append(told(lambda: naive < aware))
        made.append(told(lambda: datetime.time(1) < datetime.time(1, tzinfo=datetime.timezone.utc)))
        made.append(told(lambda: naive < datetime.date(2024, 1, 1)))
        made.append(repr(aware))
        made.append(repr(naive.isocalendar()))
        return "\n".join(made)

    def operations(self, req, task):
        """One line for each line of the request, which is an expression."""
        return "\n".join(told(eval, line, dict(OPERATIONS)) for line in req.decode().split(";"))

    def names(self, req, task):
        """Of files, that are not ASCII."""
        with tempfile.TemporaryDirectory() as folder:
            os.mkdir(f"{folder}/日本")
            with open(f"{folder}/日本/é.txt", "w") as file:
                file.write("ü")
            return ascii((os.listdir(folder), os.listdir(f"{folder}/日本"), os.path.exists(file.name)))

    def json(self, req, task):
        return told(json.loads, req)

    def formats(self, req, task):
        return "\n".join(
            (
                told("{0.nope}".format, 3),
                told("{} {.nope}".format, None, 3),
                told("{a.real.nope!r:>9}".format, a=3),
                told("{0.real:>5}|{1!r:^10}|{2[0]}|{3.nothing}".format, 3, "x", [None], Empty),
                told("None {0.imag}".format, 1),
                told(Named("{}").format, None),
                told(str.format, "{a.b}", a=Empty()),
                told("{}.{}".format, None, 2),
                told("{0[x].y}".format, {"x": Empty()}),
                told("{!s:>{}} {.nothing}".format, None, 6, Empty),
            )
        )


def init(cfg):
    """Handlers by method."""
    return Handlers()
