"""py:greeter?,init"""

from resty_ffi import Request, Task

import words

greeted = 0  # each generation begins anew


class Greeter:
    """Each public method answers the calls of its name."""

    def greet(self, req: Request, task: Task) -> str:
        global greeted
        greeted += 1
        name = req.decode() if req else "world"
        return f"{words.HELLO}, {name}! You are number {greeted}."


def init(cfg: str | None) -> Greeter:
    return Greeter()


def dispose() -> None:
    """Runs when the next generation serves and the last call of this one is answered."""
    print(f"this generation has greeted {greeted}")
