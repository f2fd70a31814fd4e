"""Entries that fail, each in its own way."""


def throws(cfg):
    raise ValueError("the entry threw")


def throwsrc(cfg):
    error = ValueError("the entry threw with rc")
    error.rc = 7
    raise error


async def rejects(cfg):
    raise ValueError("the entry rejected")


def nothandler(cfg):
    return "just text"


def nothing(cfg):
    return None


nocallable = 42


def number(cfg, tq):
    return 5
