"""Where modules of the standard library come from, and whether asyncio has needed typing."""

import asyncio
import json
import json.decoder
import sys


def init(cfg):
    """One handler for all methods."""

    async def where(req, task):
        loader = type(json.decoder.__loader__).__name__
        typing = "with" if "typing" in sys.modules else "without"
        try:
            async with asyncio.timeout(0.01):
                await asyncio.sleep(60)
            raise AssertionError("asyncio.timeout does not work")
        except TimeoutError:
            pass
        return f"{loader}, {typing} typing: {json.JSONDecoder.decode.__code__.co_filename}"

    return where
