"""Handlers that do not end, or take what there is; runaway.js has the same."""

import asyncio
import os
import socket
import threading
import time


class Runaway:
    calls = 0
    lock = threading.Lock()

    def echo(self, req, task):
        return req

    def count(self, req, task):
        self.calls += 1
        return str(self.calls)

    async def later(self, req, task):
        await asyncio.sleep(0.001)
        return req

    async def never(self, req, task):
        await asyncio.Event().wait()

    def spin(self, req, task):
        while True:
            pass

    async def spin_later(self, req, task):
        await asyncio.sleep(0.001)
        while True:
            pass

    def hold_lock(self, req, task):
        try:
            with self.lock:
                number = 0
                while True:
                    number += 1
        finally:
            self.calls += 1

    def calls_and_lock(self, req, task):
        return f"{self.calls} {self.lock.acquire(timeout=1)}"

    def stubborn(self, req, task):
        while True:
            try:
                while True:
                    pass
            except BaseException:
                pass

    def block(self, req, task):
        time.sleep(3600)

    def block_float(self, req, task):
        time.sleep(3599.5)

    def receive(self, req, task):
        with socket.create_server(("127.0.0.1", 0)) as server:
            with socket.create_connection(server.getsockname()) as client:
                client.recv(1)

    def accept(self, req, task):
        socket.create_server(("127.0.0.1", 0)).accept()

    def read_pipe(self, req, task):
        os.read(os.pipe()[0], 1)

    def recurse(self, req, task):
        return self.recurse(req, task)

    def many_arrays(self, req, task):
        grown = []
        while True:
            grown.append([0.5] * 100000)

    def long_string(self, req, task):
        text = "x" * (1 << 20)
        while True:
            text = text + text

    async def many_arrays_later(self, req, task):
        await asyncio.sleep(0.001)
        grown = []
        while True:
            grown.append([0.5] * 100000)


def init(cfg):
    return Runaway()


def spinning(cfg):
    while True:
        pass


async def unsettled(cfg):
    await asyncio.Event().wait()
