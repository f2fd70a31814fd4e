"""Says things at every level."""

import logging
import sys

logging.getLogger().setLevel(logging.DEBUG)


class Log:
    def say(self, req, task):
        text = req.decode()
        logging.error("error: %s", text)
        logging.warning("warn: %s", text)
        logging.info("info: %s", text)
        logging.debug("debug: %s", text)
        print("log: " + text)
        print("stderr: " + text, file=sys.stderr)
        return "said"

    def print(self, req, task):
        print(req.decode())
        return "printed"

    def fail(self, req, task):
        return outer()


def outer():
    return inner()


def inner():
    raise ValueError("deep inside")


def init(cfg):
    return Log()
