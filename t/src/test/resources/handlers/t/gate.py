"""Blocks until a file is there, so that a test says how long; gate.js has the same."""

import os
import time


def wait_for(path):
    while not os.path.exists(path):
        time.sleep(0.01)


def blocked_init(cfg):
    print("init waits for " + cfg)
    wait_for(cfg)
    return lambda req, task: req


class Gate:
    def echo(self, req, task):
        return req

    def block(self, req, task):
        wait_for(req.decode())
        return "opened"


def init(cfg):
    return Gate()
