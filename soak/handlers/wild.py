"""What a handler can do wrong, and right; wild.js has the same."""

import asyncio


class Wild:
    def __init__(self, cfg):
        self.cfg = cfg
        self.turn = asyncio.Lock()

    def echo(self, req, task):
        return req

    def config(self, req, task):
        return self.cfg

    async def later(self, req, task):
        await asyncio.sleep(0.005)
        return req

    async def wait(self, ms, task):
        await asyncio.sleep(int(ms) / 1000)
        return ms

    async def slow(self, req, task):
        async with self.turn:
            await asyncio.sleep(0.005)
        return req

    def boom(self, req, task):
        raise ValueError("boom")

    async def boom_later(self, req, task):
        await asyncio.sleep(0.005)
        raise ValueError("boom")

    async def never(self, req, task):
        await asyncio.Event().wait()

    def spin(self, req, task):
        while True:
            pass

    async def spin_later(self, req, task):
        await asyncio.sleep(0.001)
        while True:
            pass

    def garbage(self, req, task):
        return str(len([{"i": i} for i in range(20000)]))


def init(cfg):
    return Wild(cfg)
