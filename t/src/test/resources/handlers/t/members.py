"""Whose methods count: own ones and those of its classes."""


class Base:
    def inherited(self, req, task):
        return "inherited"


class Demo(Base):
    field = "no function"

    def __init__(self):
        self.own = lambda req, task: "own"

    def member(self, req, task):
        return "member of " + type(self).__name__

    def _private(self, req, task):
        return "private"


def init(cfg):
    return Demo()
