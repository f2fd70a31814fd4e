"""Does what no guest should: ACTION in a handler, or where the config "ACTION in PLACE" says."""

import asyncio
import os
import sys
import threading
import time


def tick_for_ever():
    while True:
        time.sleep(0.02)
        print("tick of threads")


def spin_for_ever():
    while True:
        pass


def start_threads():
    for target in tick_for_ever, spin_for_ever:
        threading.Thread(target=target).start()
        threading.Thread(target=target, daemon=True).start()


async def tick():
    while True:
        await asyncio.sleep(0.02)
        print("tick of tasks")


background = []


def start_tasks():
    background.append(asyncio.get_event_loop().create_task(tick()))


ACTIONS = {
    "sys.exit": lambda: sys.exit(3),
    "exit": lambda: exit(3),
    "SystemExit": lambda: exec("raise SystemExit('bye')"),
    "KeyboardInterrupt": lambda: exec("raise KeyboardInterrupt"),
    "os._exit": lambda: os._exit(3),
    "os.kill": lambda: os.kill(os.getpid(), 9),
    "os.fork": lambda: os.fork(),
    "os.chdir": lambda: os.chdir("/"),
    "os.close": lambda: [os.close(fd) for fd in range(3)],
    "stdout.close": lambda: (sys.stdout.close(), sys.stderr.close()),
    "no stdout": lambda: [setattr(sys, name, None) for name in ("stdout", "stderr")],
    "threads": start_threads,
    "tasks": start_tasks,
}


class Misuse:
    def here(self, req, task):
        ACTIONS[req.decode()]()
        return "survived"

    async def later(self, req, task):
        await asyncio.sleep(0.001)
        ACTIONS[req.decode()]()
        return "survived"

    def thread(self, req, task):
        thread = threading.Thread(target=ACTIONS[req.decode()])
        thread.start()
        thread.join()
        return "survived"

    def timer(self, req, task):
        asyncio.get_event_loop().call_later(0.001, ACTIONS[req.decode()])
        return "survived"

    def echo(self, req, task):
        return req

    def print(self, req, task):
        print(req.decode())


at_end = None


def init(cfg):
    global at_end
    action, _, place = (cfg or "").partition(" in ")
    if place == "init":
        ACTIONS[action]()
    elif place == "dispose":
        at_end = action
    return Misuse()


def dispose():
    if at_end:
        ACTIONS[at_end]()
