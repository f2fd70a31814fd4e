import asyncio

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, PlainTextResponse, StreamingResponse
from starlette.routing import Mount, Route


async def hello(request):
    return JSONResponse({"name": request.path_params["name"], "q": dict(request.query_params)})


async def echo(request):
    return PlainTextResponse((await request.body()).decode()[::-1], headers={"x-len": "n"})


def fail(request):
    raise HTTPException(418, "teapot")


async def stream(request):
    async def parts():
        for n in range(3):
            yield f"{n};"
            await asyncio.sleep(0)
    return StreamingResponse(parts())


app = Starlette(routes=[Route("/hello/{name:str}", hello), Route("/echo", echo, methods=["POST"]),
                        Mount("/sub", routes=[Route("/fail", fail)]), Route("/stream", stream)])


async def call(method, path, body=b"", query=b""):
    sent = []
    bodies = [body]

    async def receive():
        if not bodies:
            await asyncio.Event().wait()
        return {"type": "http.request", "body": bodies.pop()}

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "asgi": {"version": "3.0"}, "method": method, "path": path,
             "raw_path": path.encode(), "root_path": "", "scheme": "http", "query_string": query,
             "headers": [(b"host", b"x")], "server": ("x", 80), "http_version": "1.1"}
    await app(scope, receive, send)
    print(sent[0]["status"], sorted(sent[0]["headers"]), b"".join(m.get("body", b"") for m in sent[1:]))


async def main():
    await call("GET", "/hello/ann", query=b"a=1&b=%C3%BC")
    await call("POST", "/echo", body=b"abc")
    await call("GET", "/echo")
    await call("GET", "/sub/fail")
    await call("GET", "/stream")
    await call("GET", "/absent")


asyncio.run(main())
