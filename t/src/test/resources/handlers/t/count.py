"""Counts its calls, and needs nothing else: a runtime of it is loaded quickly."""


def init(cfg):
    calls = 0

    def count(req, task):
        nonlocal calls
        calls += 1
        return str(calls)

    return count
