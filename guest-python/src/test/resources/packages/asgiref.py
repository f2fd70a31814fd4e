import asyncio

from asgiref.local import Local
from asgiref.sync import sync_to_async
from asgiref.wsgi import WsgiToAsgi

local = Local()


def app(environ, start_response):
    start_response("200 OK", [("X", environ["PATH_INFO"])])
    return [b"a", b"b"]


async def main():
    local.value = 5
    print(await sync_to_async(lambda n: n * 2, thread_sensitive=False)(4))
    print(await sync_to_async(lambda: local.value)())
    sent = []

    async def receive():
        return {"type": "http.request", "body": b""}

    async def send(message):
        sent.append(message)

    await WsgiToAsgi(app)({"type": "http", "method": "GET", "path": "/p", "query_string": b"",
                           "headers": [], "http_version": "1.1"}, receive, send)
    print(sent)


asyncio.run(main())
