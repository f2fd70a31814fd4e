"""Tells the log when it begins and when it ends."""

import asyncio

name = None


class Life:
    def echo(self, req, task):
        return req

    async def wait(self, ms, task):
        await asyncio.sleep(int(ms) / 1000)
        return "waited"


async def init(cfg):
    global name
    name = cfg
    print("init of " + cfg)
    await asyncio.sleep(0.05)
    return Life()


async def dispose():
    await asyncio.sleep(0.01)
    print("dispose of " + name)
