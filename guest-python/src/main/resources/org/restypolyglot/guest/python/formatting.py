"""Looks what a format string names, for builtin_repairs.py."""

import _string


def check_attributes(format: str, args: tuple, kwargs: dict) -> None:
    """Raises the AttributeError that str.format() should have raised, if any."""
    _check(format, args, kwargs, iter(args))


def _check(format, args, kwargs, unnamed):
    for _, field, spec, _ in _string.formatter_parser(format):
        if field is None:
            continue
        first, rest = _string.formatter_field_name_split(field)
        if first == "":
            value = next(unnamed)
        else:
            value = kwargs[first] if isinstance(first, str) else args[first]
        for is_attribute, name in rest:
            value = getattr(value, name) if is_attribute else value[name]
        if spec:
            _check(spec, args, kwargs, unnamed)
