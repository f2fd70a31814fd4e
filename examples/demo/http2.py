"""py:demo.http2,init,{"host":"https://127.0.0.1:8443","ca":"/path/of/ca.pem"}

Calls a server over HTTP/2: all calls share one connection, and run at the same time.

    demo:get('{"path": "/hello"}')
    demo:post('{"path": "/echo", "headers": {"x-id": "1"}, "body": "hi"}')

Each replies {"status": 200, "headers": {…}, "body": "…"}. In JavaScript: js:demo/http2.
"""

import json
from typing import Any

from resty_http import Client


class Demo:
    """The runtime's handlers: each public method answers the calls of its name."""

    def __init__(self, host: str, ca: str | None = None) -> None:
        self.host = host
        # Without a CA of its own, the server's certificate is checked against the system's.
        self.client = Client(ca=ca)

    async def get(self, req: bytes | None, task: object) -> str:
        return await self._call("GET", _parse(req))

    async def post(self, req: bytes | None, task: object) -> str:
        return await self._call("POST", _parse(req))

    async def _call(self, method: str, request: dict[str, Any]) -> str:
        # When the caller has gone, or waits no longer, this is cancelled, and so is the request.
        response = await self.client.request(
            method,
            self.host + request["path"],
            headers=request.get("headers"),
            body=request.get("body"),
        )
        reply = {"status": response.status, "headers": response.headers, "body": response.text}
        return json.dumps(reply)


def _parse(req: bytes | None) -> dict[str, Any]:
    request = json.loads(req or b"null")
    if not isinstance(request, dict) or not isinstance(request.get("path"), str):
        raise TypeError(f'expected {{"path": "/…"}}, got {request}')
    return request


_demo: Demo | None = None


def init(cfg: str | None) -> Demo:
    global _demo
    config = json.loads(cfg or "null")
    if not isinstance(config, dict) or not isinstance(config.get("host"), str):
        raise TypeError(f'expected {{"host": "https://…"}} as the configuration, got {cfg}')
    _demo = Demo(config["host"], config.get("ca"))
    return _demo


def dispose() -> None:
    """At unload and reload."""
    if _demo is not None:
        _demo.client.close()
