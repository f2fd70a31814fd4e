from __future__ import annotations

import asyncio
import pathlib
import sys
import tempfile
import traceback
from typing import Protocol, runtime_checkable


def show(error, indent=0):
    lines, entry = [], error.__traceback__
    while entry:
        lines.append(entry.tb_lineno - entry.tb_frame.f_code.co_firstlineno)
        entry = entry.tb_next
    if error.args[0] == "" and indent == 0:
        lines = None  # CPython has none for a group that it has made, which helps nobody
    print(" " * indent, repr(error), type(error.__context__), type(error.__cause__), lines, end="")
    print(getattr(error, "__notes__", ""))
    for part in getattr(error, "exceptions", ()):
        show(part, indent + 2)


def group():
    nested = ExceptionGroup("nested", [TypeError(2), ValueError(3)])
    return ExceptionGroup("all", [ValueError(1), nested, OSError(4)])


def all_handled():
    try:
        raise group()
    except* ValueError as error:
        show(error)
        print(sys.exc_info()[1] is error)
    except* (TypeError, OSError) as error:
        show(error)
    else:
        print("not reached")
    finally:
        print("finally")


def some_left():
    whole = group()
    try:
        raise whole
    except* ValueError:
        print("values")


def none_handled():
    try:
        raise group()
    except* KeyError:
        print("not reached")


def no_group_handled():
    try:
        raise KeyError("alone")
    except* KeyError as error:
        show(error)
        raise


def no_group_left():
    try:
        raise KeyError("alone")
    except* ValueError:
        print("not reached")


def handlers_raise():
    try:
        raise group()
    except* ValueError:
        raise
    except* TypeError as error:
        raise RuntimeError("other") from error
    except* OSError:
        raise LookupError("another")


def handlers_raise_parts():
    try:
        raise group()
    except* ValueError as error:
        raise error
    except* TypeError as error:
        raise error.exceptions[0]


def one_handler_raises():
    try:
        raise group()
    except* Exception:
        raise RuntimeError("only")


def nothing_raised():
    try:
        print("fine")
    except* ValueError:
        print("not reached")
    else:
        print("else")
        raise ValueError("of else")
    finally:
        print("finally")


def control_flow():
    for i in range(3):
        try:
            if i == 0:
                continue
            if i == 2:
                break
            raise group()
        except* ValueError:
            for j in range(3):
                if j:
                    break

            def local():
                return j

            print(local())
        except* BaseException:
            pass
    try:
        return print("returns")
    except* ValueError:
        pass
    finally:
        print("finally")


def interrupts():
    try:
        raise KeyboardInterrupt("by hand")
    except* KeyboardInterrupt as error:
        show(error)
        raise


@runtime_checkable
class Speaks(Protocol):
    def speak(self): ...


class Speaker:
    def speak(self):
        pass


class Groups:
    later: NotThereYet


class Box[T]:
    def get(self) -> T: ...


def matched(value):
    match value:
        case None:
            return "nothing"
        case True | False:
            return "truth"
        case [None, *_] | {"key": None}:
            return "nothing in it"
        case Speaker():
            return "speaker"
    return "other"


def other_statements():
    print([matched(value) for value in (None, True, 0, [None, 1], {"key": None}, Speaker(), 1)])
    print(isinstance(Speaker(), Speaks), issubclass(Speaker, Speaks), isinstance(1, Speaks))
    print([name for name in vars(Speaker) if not name.startswith("__") or "cell" in name])
    print(Groups.__annotations__)
    print(Box.__type_params__, getattr(Speaker, "__type_params__", None), Box[int]().get())


class Own(ExceptionGroup):
    def derive(self, exceptions):
        return Own(self.message + "!", list(exceptions))


def own_group():
    try:
        whole = Own("own", [ValueError(1), TypeError(2), KeyError(3)])
        whole.add_note("a note")
        raise whole
    except* ValueError as error:
        show(error)
    except* KeyError:
        raise


def one_in_another():
    try:
        raise group()
    except* ValueError:
        try:
            raise ExceptionGroup("inner", [KeyError(9), ValueError(10)])
        except* KeyError as error:
            show(error)
        raise


def while_another_is_handled():
    try:
        raise LookupError("outer")
    except LookupError:
        try:
            raise group()
        except* ValueError:
            print(type(sys.exc_info()[1].__context__))
        except* Exception:
            raise


def leaves_no_names():
    class Body:
        x = 1
        try:
            raise group()
        except* Exception as error:
            y = len(error.exceptions)

    print([name for name in vars(Body) if not name.startswith("__")])
    try:
        error
    except NameError as unknown:
        print(unknown, unknown.name)


def in_a_generator():
    def numbers():
        try:
            yield 1
            raise group()
        except* ValueError:
            print("sent", (yield 2))
        except* Exception:
            yield 3

    made = numbers()
    print(next(made), next(made), made.send("s"), list(made))


def in_coroutines():
    async def fail(error):
        raise error

    async def run():
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(fail(ValueError("a")))
                tasks.create_task(fail(TypeError("b")))
                tasks.create_task(asyncio.sleep(10))
        except* ValueError as error:
            await asyncio.sleep(0)
            print(error.exceptions)
        except* TypeError as error:
            print(error.exceptions)

    asyncio.run(run())


def wrong_classes():
    for kinds in (ExceptionGroup, 3, (ValueError, "x"), (ValueError, BaseExceptionGroup)):
        try:
            try:
                raise group()
            except* kinds:
                print("not reached")
        except TypeError as error:
            print(error, type(error.__context__))


def formatted():
    try:
        raise group()
    except* ValueError:
        print(traceback.format_exc().replace(__file__, "FILE"))
    except* Exception:
        pass


def wrong_syntax():
    bodies = {
        "returns": "def f():\n    try: pass\n    except* A:\n        return\n",
        "breaks": "for x in y:\n    try: pass\n    except* A: break\n",
        "continues": "while y:\n    try: pass\n    except* A:\n        if y: continue\n",
        "inner_loop": "for y in ():\n    try: pass\n    except* A:\n        for x in y: continue\n",
        "both": "try: pass\nexcept* A: pass\nexcept B: pass\n",
    }
    with tempfile.TemporaryDirectory() as folder:
        sys.path.insert(0, folder)
        for name, body in bodies.items():
            pathlib.Path(folder, f"{name}.py").write_text(body)
            try:
                __import__(name)
                print("imported", name)
            except SyntaxError as error:
                where = (error.lineno, error.offset, error.end_lineno)
                print(error.msg, pathlib.Path(error.filename).name, where, (error.text or "").strip())
        sys.path.remove(folder)


def told(function):
    print("#", function.__name__)
    try:
        function()
    except BaseException as error:
        show(error)


for each in (all_handled, some_left, none_handled, no_group_handled, no_group_left, handlers_raise):
    told(each)
for each in (handlers_raise_parts, one_handler_raises, nothing_raised, control_flow, interrupts):
    told(each)
for each in (own_group, one_in_another, while_another_is_handled, leaves_no_names, in_a_generator):
    told(each)
for each in (in_coroutines, wrong_classes, formatted, wrong_syntax, other_statements):
    told(each)
print([name for name in globals() if not name.isidentifier()])
