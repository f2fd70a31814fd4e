"""Formats tracebacks as Python does, without our own frames and the importer's.

The module traceback would need a second to be imported, in which the guest's other calls wait.
"""

import sys

from _resty_polyglot.failures import text_of

_HIDDEN = ("<resty-polyglot>/", "<frozen importlib")
_LIBRARY = sys._stdlib_dir
# What is written in C in CPython, or runs beneath a task, and so is in no traceback there.
_BENEATH = {
    "/asyncio/tasks.py": ("__step", "__step_run_and_handle_result", "__eager_start", "__wakeup"),
    "/asyncio/futures.py": ("result", "__await__"),
    "/asyncio/events.py": ("_run",),
    "/asyncio/base_events.py": ("_run_once",),
}
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
    for entry in entries(tb):
        code = entry.tb_frame.f_code
        frames.append((code.co_filename, entry.tb_lineno, code.co_name))
    return frames


def entries(tb) -> list:
    """The entries of a traceback that CPython's would have."""
    found = []
    while tb is not None:
        found.append(tb)
        tb = tb.tb_next
    return [entry for entry in _unmirrored(found) if not _is_hidden(entry.tb_frame.f_code)]


def _unmirrored(found):
    """Without what GraalPy's throw() into generators that wait for each other (a, b, c) adds.

    It notes each frame on the way in, too, so that the list reads: a b c b a and what was before.
    """
    kept = []
    at = 0
    while at < len(found):
        kept.append(found[at])
        before, after = at - 1, at + 1
        while 0 <= before and after < len(found) and _mirrors(found[before], found[after]):
            before, after = before - 1, after + 1
        at = after
    return kept


def _mirrors(out, on_the_way_in):
    return (
        out.tb_frame is on_the_way_in.tb_frame
        and out.tb_lineno == on_the_way_in.tb_lineno
        and out.tb_lasti > on_the_way_in.tb_lasti
    )


def _is_hidden(code):
    file = code.co_filename
    if file.startswith(_LIBRARY):
        return code.co_name in _BENEATH.get(file[len(_LIBRARY) :], ())
    return file.startswith(_HIDDEN)


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
        text = text_of(error)
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
