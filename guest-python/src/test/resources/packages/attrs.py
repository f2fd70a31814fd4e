import attr
from attrs import Factory, asdict, define, evolve, field, frozen, validators


@define
class Point:
    x: int = field(converter=int, validator=validators.ge(0))
    tags: list = Factory(list)


@frozen(order=True)
class Version:
    major: int
    minor: int = 0
    note: str = field(default="", eq=False, repr=False)


p = Point("3")
p.tags.append("a")
print(p, asdict(p), evolve(p, x=4), Point(3, ["a"]) == p, Version(1, 2) < Version(2))
for wrong in (lambda: Point(-1), lambda: setattr(Version(1), "major", 2), lambda: setattr(p, "z", 1)):
    try:
        wrong()
    except (ValueError, AttributeError) as error:
        print(type(error).__name__, error)
print([a.name for a in attr.fields(Version)], attr.has(Point))
