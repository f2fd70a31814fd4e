"""Formats tracebacks as Python does, without our own frames and the importer's.

The module traceback would need a second to be imported, in which the guest's other calls wait.
"""

_HIDDEN = ("<resty-polyglot>/", "<frozen importlib")
_MOST_FRAMES = 100
_CAUSE = "\nThe above exception was the direct cause of the following exception:\n\n"
_CONTEXT = "\nDuring handling of the above exception, another exception occurred:\n\n"


def format_exception(error: BaseException) -> str:
    """The text that Python would print for the exception, with what led to it."""
    return "".join(_format(error, set()))


def _format(error, seen):
    seen.add(id(error))
    parts = []
    cause, context = error.__cause__, error.__context__
    if cause is not None:
        if id(cause) not in seen:
            parts += _format(cause, seen) + [_CAUSE]
    elif context is not None and not error.__suppress_context__ and id(context) not in seen:
        parts += _format(context, seen) + [_CONTEXT]
    frames = _frames(error.__traceback__)
    if frames:
        parts += ["Traceback (most recent call last):\n"] + _format_frames(frames)
    parts += _format_only(error)
    if isinstance(error, BaseExceptionGroup):
        parts += _format_group(error, seen)
    return parts


def _frames(tb):
    frames = []
    while tb is not None:
        code = tb.tb_frame.f_code
        if not code.co_filename.startswith(_HIDDEN):
            frames.append((code.co_filename, tb.tb_lineno, code.co_name))
        tb = tb.tb_next
    return frames


def _format_frames(frames):
    parts = []
    repeated = 0
    last = None
    for number, frame in enumerate(_shortened(frames)):
        repeated = repeated + 1 if frame == last else 0
        last = frame
        if isinstance(frame, str):
            parts.append(frame)
        elif repeated < 3:
            parts.append('  File "%s", line %s, in %s\n' % frame)
            line = source_line(frame[0], frame[1])
            if line:
                parts.append(f"    {line}\n")
        elif repeated == 3:
            parts.append("  [the line before is repeated]\n")
    return parts


def _shortened(frames):
    if len(frames) <= _MOST_FRAMES:
        return frames
    head, tail = _MOST_FRAMES // 4, _MOST_FRAMES * 3 // 4
    left_out = len(frames) - head - tail
    return frames[:head] + [f"  [{left_out} frames left out]\n"] + frames[-tail:]


def _format_only(error):
    name = type(error).__qualname__
    if type(error).__module__ not in ("builtins", "__main__"):
        name = f"{type(error).__module__}.{name}"
    try:
        text = str(error)
    except BaseException:
        text = "<str() of the exception failed>"
    parts = []
    if isinstance(error, SyntaxError) and error.filename and error.lineno:
        parts.append(f'  File "{error.filename}", line {error.lineno}\n')
        line = (error.text or source_line(error.filename, error.lineno) or "").rstrip()
        if line:
            stripped = line.lstrip()
            parts.append(f"    {stripped}\n")
            if error.offset:
                column = max(0, error.offset - 1 - (len(line) - len(stripped)))
                parts.append("    " + " " * column + "^\n")
        text = error.msg
    parts.append(f"{name}: {text}\n" if text else f"{name}\n")
    for note in getattr(error, "__notes__", None) or ():
        parts.append(f"{note}\n")
    return parts


def _format_group(group, seen):
    parts = []
    for number, error in enumerate(group.exceptions, 1):
        parts.append(f"  +---------------- {number} ----------------\n")
        for line in "".join(_format(error, seen)).splitlines():
            parts.append(f"  | {line}\n")
    return parts


def source_line(file: str, number: int) -> "str | None":
    """A line of a source file, stripped; of the text that was compiled, where that is known."""
    from _resty_polyglot.sources import lines_of

    lines = lines_of(file)
    return lines[number - 1].strip() if 0 < number <= len(lines) else None
