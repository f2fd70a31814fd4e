import enum
import operator
from typing import Generic, Protocol, TypeVar

T = TypeVar("T")


class Old(Generic[T]):
    def __new__(cls, value=0):
        made = super().__new__(cls)
        made.value = value
        return made


class New[K]:
    __slots__ = ("value",)

    def __new__(cls, value=0):
        made = object.__new__(cls)
        made.value = value
        return made


class Plain:
    def __new__(cls, value=0):
        return super().__new__(cls)


class Mixed(Plain, Generic[T]):
    pass


class Named(Protocol):
    def name(self): ...


class Both(Old[int], Named):
    def name(self):
        return "both"


class Without(Generic[T]):
    pass


print(Old(1).value, New[int](2).value, type(Mixed(3)).__name__, Both(4).value, Both().name())
print(type(Without()).__name__, Old[int](5).value, Generic.__new__ is object.__new__)
for wrong in (lambda: object.__new__(int), lambda: Generic.__new__(list), lambda: Without(1)):
    try:
        print(wrong())
    except TypeError as error:
        print(error)


class Calculator:
    add = operator.add
    neg = staticmethod(operator.neg)


class Operation(enum.Enum):
    ADD = operator.add
    MUL = operator.mul


print(Calculator().add(1, 2), Calculator.neg(3), operator.add.__name__, operator.add.__module__)
print([each.name for each in Operation], Operation.MUL.value(3, 4), operator.__add__("a", "b"))
print(max({"a": 1, "b": 2}.items(), key=operator.itemgetter(1)), sorted([3, 1], key=operator.neg))
print(operator.call(len, "ab"), operator.not_(1), operator.contains([1], 1))
