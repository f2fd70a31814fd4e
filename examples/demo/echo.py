"""py:demo.echo?,init: the module, "?" (read it afresh at each load), the entry."""

import asyncio
import json

from resty_ffi import Request, Task


class Demo:
    """Each public method answers the calls of its name: demo:echo(...), demo:words(...)"""

    def echo(self, req: Request, task: Task) -> Request:
        return req

    def words(self, req: bytes, task: Task) -> str:
        text = req.decode()
        return json.dumps({"words": len(text.split()), "letters": len(text)})

    async def later(self, req: bytes, task: Task) -> bytes:
        await asyncio.sleep(0.1)
        return req + b", 100 ms later"


def init(cfg: str | None) -> Demo:
    return Demo()
