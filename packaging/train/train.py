"""What a first handler does: the classes that it needs go into the cache of dist/java."""

import asyncio
import json
import logging


class Handlers:
    def echo(self, req, task):
        return req

    def json(self, req, task):
        return json.dumps(json.loads('{"a": [1, 2.5, "x", null]}') | {"req": req.decode()})

    def bytes(self, req, task):
        return bytearray(req)

    async def later(self, req, task):
        await asyncio.sleep(0.001)
        logging.info("%s of %r", req, task)
        return req

    def fail(self, req, task):
        raise ValueError(req)


def init(cfg):
    return Handlers()
