import asyncio

import httpx


def answer(request):
    if request.url.path == "/fail":
        return httpx.Response(503, json={"error": "busy"})
    return httpx.Response(200, json={"q": dict(request.url.params), "m": request.method,
                                     "body": request.content.decode()}, headers={"X": "y"})


async def main():
    async with httpx.AsyncClient(transport=httpx.MockTransport(answer), base_url="http://x") as c:
        replies = await asyncio.gather(*(c.get("/", params={"n": n}) for n in range(3)))
        print([r.json()["q"] for r in replies])
        reply = await c.post("/", data={"a": "ü"}, headers={"h": "1"})
        print(reply.json(), reply.headers["x"])
        try:
            (await c.get("/fail")).raise_for_status()
        except httpx.HTTPStatusError as error:
            print(error.response.json(), error.request.url)

    async def serve(reader, writer):
        head = await reader.readuntil(b"\r\n\r\n")
        line = head.partition(b"\r\n")[0]
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        for part in (line, b"!"):
            writer.write(b"%x\r\n%s\r\n" % (len(part), part))
        writer.write(b"0\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with httpx.AsyncClient(trust_env=False) as c:
        async with c.stream("GET", f"http://127.0.0.1:{port}/path") as reply:
            print(reply.status_code, [part async for part in reply.aiter_text()][0][:9])
    server.close()


asyncio.run(main())
