"""What a first handler does, and some that it may do soon: see train.js."""

import asyncio
import json
import logging

import work

DOCUMENT = '{"a": [1, 2.5, "x", null], "b": {"c": "d", "e": [true, false]}}'


class Handlers:
    def echo(self, req, task):
        return req

    def json(self, req, task):
        return json.dumps(json.loads(DOCUMENT) | {"req": req.decode()})

    def bytes(self, req, task):
        return bytearray(req)

    async def later(self, req, task):
        await asyncio.sleep(0.001)
        logging.info("%s of %r", req, task)
        return req

    def fail(self, req, task):
        raise ValueError(req)

    async def library(self, req, task):
        import dataclasses
        import datetime
        import hashlib
        import pathlib
        import urllib.parse

        from resty_http import Client, HttpError

        try:
            failed = str(await Client().request("GET", "https://127.0.0.1:1/"))
        except HttpError as e:
            failed = str(e)
        digest = hashlib.sha256(pathlib.Path(__file__).read_bytes()).hexdigest()
        url = urllib.parse.urlsplit("https://127.0.0.1/a?b=c")
        return f"{digest} {failed} {datetime.datetime.now()} {dataclasses.asdict} {url}"

    # What handlers do all day, so often that the JVM has compiled what Python needs for it.
    def busy(self, req, task):
        return str([work.everything() for _ in range(100)])


def init(cfg):
    return Handlers()
