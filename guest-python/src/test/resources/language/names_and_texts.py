import re  # no except* here


def told(function, *args, **names):
    try:
        print(function(*args, **names))
    except Exception as error:
        print(type(error).__name__, error, getattr(error, "name", None))


def unknown():
    return missing_name


told(unknown)
try:
    raise NameError("of my own")
except NameError as error:
    print(error, error.name)
    error.name = "set"
    print(error.name)

print(re.match("a", "a"), re.search(r"(?P<x>b)", "abc"), re.Match, re.Pattern, re.match("a", "b"))
print(re.compile("a", re.I), type(re.match("a", "a")).__qualname__)
whole = ExceptionGroup("all", [ValueError(1), TypeError(2)])
print(whole.split(ValueError), whole.subgroup(TypeError), whole.derive([KeyError(3)]))
print(repr(whole.subgroup(lambda error: error is whole)), str(whole.subgroup(TypeError)))

for refuse in (lambda: re.sub("a", "b", None), lambda: re.findall("a", 5), lambda: re.sub("a", "b", b"")):
    try:
        refuse()
    except TypeError as error:
        print(error)
