"""Formats tracebacks as Python does, without our own frames and the importer's.

The module traceback would need a second to be imported, in which the guest's other calls wait.
"""

_HIDDEN = ("<resty-polyglot>/", "<frozen importlib")
_MOST_FRAMES = 100
_MOST_LINKS = 20
_MOST_IN_GROUP = 15
_MOST_DEPTH = 10
_CAUSE = "\nThe above exception was the direct cause of the following exception:\n\n"
_CONTEXT = "\nDuring handling of the above exception, another exception occurred:\n\n"


def format_exception(error: BaseException) -> str:
    """The text that Python would print for the exception, with what led to it."""
    return "".join(_format(error, set(), 0))


def _format(error, seen, depth):
    parts = []
    links = _shortened(_chain(error, seen), _MOST_LINKS, "[%s exceptions left out]\n\n")
    for link in reversed(links):
        if isinstance(link, str):
            parts.append(link)
        else:
            error, follows = link
            parts += _format_one(error, seen, depth)
            parts.append(follows)
    return parts


def _chain(error, seen):
    """The exception, what led to it, and so on, each with what follows it in the text."""
    links = []
    follows = ""
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        links.append((error, follows))
        if error.__cause__ is not None:
            error, follows = error.__cause__, _CAUSE
        else:
            error, follows = None if error.__suppress_context__ else error.__context__, _CONTEXT
    return links


def _format_one(error, seen, depth):
    parts = []
    frames = _frames(error.__traceback__)
    if frames:
        parts += ["Traceback (most recent call last):\n"] + _format_frames(frames)
    try:
        parts += _format_only(error)
    except Exception:  # attributes are whatever the user has put there
        parts.append(f"{type(error).__qualname__}: <the exception cannot be shown>\n")
    if isinstance(error, BaseExceptionGroup):
        parts += _format_group(error, seen, depth)
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
    for frame in _shortened(frames, _MOST_FRAMES, "  [%s frames left out]\n"):
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


def _shortened(items, most, words):
    """The items, or the first and last of them with words between that count the rest."""
    if len(items) <= most:
        return items
    head, tail = most // 4, most * 3 // 4
    return items[:head] + [words % (len(items) - head - tail)] + items[-tail:]


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


def _format_group(group, seen, depth):
    if depth == _MOST_DEPTH:
        return ["  [groups within left out]\n"]
    parts = []
    for number, error in enumerate(group.exceptions[:_MOST_IN_GROUP], 1):
        parts.append(f"  +---------------- {number} ----------------\n")
        for line in "".join(_format(error, seen, depth + 1)).splitlines():
            parts.append(f"  | {line}\n")
    if len(group.exceptions) > _MOST_IN_GROUP:
        parts.append(f"  [{len(group.exceptions) - _MOST_IN_GROUP} exceptions left out]\n")
    return parts


def source_line(file: str, number: int) -> "str | None":
    """A line of a source file, stripped; of the text that was compiled, where that is known."""
    from _resty_polyglot.sources import lines_of

    lines = lines_of(file)
    return lines[number - 1].strip() if 0 < number <= len(lines) else None
