"""A runtime that cannot keep up with its callers; slow.js has the same."""

import asyncio
import time


class Slow:
    def __init__(self):
        self.running = 0
        self.most = 0

    def _count(self):
        """How many calls it has had at the same time, at most."""
        self.running += 1
        self.most = max(self.most, self.running)

    def blocks(self, req, task):
        self._count()
        time.sleep(0.005)
        self.running -= 1
        return f"{len(req)} {self.most}"

    async def waits(self, req, task):
        self._count()
        try:
            await asyncio.sleep(0.03)
        finally:
            self.running -= 1
        return f"{len(req)} {self.most}"


def init(cfg):
    return Slow()
