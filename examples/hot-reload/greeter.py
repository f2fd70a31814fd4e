"""py:greeter?,init"""

import words

greeted = 0  # each generation begins anew


class Greeter:
    """Each public method answers the calls of its name."""

    def greet(self, req, task):
        global greeted
        greeted += 1
        name = req.decode() if req else "world"
        return f"{words.HELLO}, {name}! You are number {greeted}."


def init(cfg):
    return Greeter()


def dispose():
    """Runs when the next generation serves and the last call of this one is answered."""
    print(f"this generation has greeted {greeted}")
