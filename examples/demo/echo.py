"""py:demo.echo?,init: the module, "?" (read it afresh at each load), the entry."""

import asyncio
import json


class Demo:
    """Each public method answers the calls of its name: demo:echo(...), demo:words(...)"""

    def echo(self, req, task):
        return req

    def words(self, req, task):
        text = req.decode()
        return json.dumps({"words": len(text.split()), "letters": len(text)})

    async def later(self, req, task):
        await asyncio.sleep(0.1)
        return req + b", 100 ms later"


def init(cfg):
    return Demo()
