"""What pickles hold, as other processes read them; and what the classes written in Python tell."""

import copy
import datetime
import decimal
import inspect
import math
import operator
import os
import pickle
import pickletools
import time
import types

ZONE = datetime.timezone(datetime.timedelta(hours=2), "X")
VALUES = [
    datetime.timezone.utc,
    ZONE,
    datetime.datetime(2024, 1, 2, 3, 4, 5, 6, ZONE),
    datetime.time(1, 2, tzinfo=datetime.timezone.utc),
    datetime.date(2024, 1, 2),
    datetime.timedelta(1, 2, 3),
    decimal.Decimal("1.50"),
    operator.add,
    operator.or_,
    operator.itemgetter(1),
    int | None,
    math.cbrt,
    sum,
    time.sleep,
    os.mkdir,
]


class Later(datetime.datetime):
    class Inner(datetime.timedelta):
        pass


def tell(name, function):
    try:
        print(name, function())
    except Exception as e:
        print(name, type(e).__name__, e)


def dump(value, protocol):
    """Opcodes without what numbers the memo, and without what only tells lengths."""
    found = []
    for opcode, argument, _ in pickletools.genops(pickle.dumps(value, protocol)):
        if opcode.name not in ("FRAME", "MEMOIZE", "BINPUT", "PUT"):
            found.append(f"{opcode.name} {argument!r}")
    return ", ".join(found)


for value in VALUES:
    tell(getattr(value, "__name__", type(value).__name__), lambda: dump(value, 2) if value is not os.mkdir else "")
    tell("again", lambda: pickle.loads(pickle.dumps(value)) == value)
    tell("copies", lambda: copy.deepcopy(value) == value)

tell("states", lambda: [value.__getstate__() for value in VALUES[:7]])
made = Later(2024, 1, 2)
tell("subclass", lambda: (made, made.__getstate__(), Later.Inner(3)))
made.note = 1
tell("with state", lambda: (made.__getstate__(), pickle.loads(pickle.dumps(made)).note))
tell("modules", lambda: [value.__module__ for value in (operator.add, math.cbrt, sum, time.sleep)])
tell("simple", lambda: copy.copy(types.SimpleNamespace(a=1)))
tell("frames", lambda: [each.function for each in inspect.stack()[:2]])
tell("outermost", lambda: os.path.basename(inspect.stack()[-1].filename).endswith(".py"))
