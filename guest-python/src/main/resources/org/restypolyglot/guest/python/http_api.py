"""The module resty_http: HTTP/1.1 and HTTP/2 for coroutines, by Java's HTTP client.

    client = resty_http.Client()
    response = await client.request("GET", "https://example.com/")
    response.status, response.headers["content-type"], response.body

Requests to one server share its HTTP/2 connection and run at the same time. TLS and the protocol
are Java's, so that they cost neither Python's time nor packages. A client belongs to one event loop.
"""

import asyncio

from _resty_polyglot import offered

_MOST = 100  # requests at once to a server: no HTTP/2 server should allow fewer
_AHEAD_SECONDS = 1.0
_host = None


class HttpError(Exception):
    """A request that got no response: no connection, no trust, or the connection was lost."""


class Response:
    """What a server answered."""

    __slots__ = ("status", "version", "headers", "body")

    def __init__(self, status: int, version: str, headers: "dict[str, str]", body: bytes):
        self.status = status
        self.version = version  # "HTTP/2" or "HTTP/1.1"
        self.headers = headers  # by name in lower case; what came more than once joined by ", "
        self.body = body

    @property
    def text(self) -> str:
        """The body as UTF-8; what is not becomes U+FFFD."""
        return self.body.decode("utf-8", "replace")

    def __repr__(self):
        return f"<Response {self.status} {self.version}, {len(self.body)} bytes>"


class Client:
    """Connections to servers, kept until close().

    `ca`: a file with the certificates, in PEM, that are trusted instead of the system's.
    """

    def __init__(self, ca: "str | None" = None, connect_timeout: float = 10.0):
        if connect_timeout <= 0:
            raise ValueError(f"connect_timeout is seconds, above 0, not {connect_timeout}")
        made = _host.http_client(None if ca is None else str(ca), float(connect_timeout))
        if isinstance(made, str):
            raise ValueError(f"resty_http.Client(ca={ca!r}): {made}")
        self._client = made
        self._servers: "dict[str, _Server]" = {}

    async def request(self, method: str, url: str, *, headers=None, body=None) -> Response:
        """Sends a request and awaits the whole response; a cancelled one resets its stream.

        `headers`: a dict, or pairs; `body`: bytes, or str as UTF-8.
        """
        if self._client is None:
            raise HttpError(f"{method} {url}: the client is closed")
        flat = _flat(headers)
        if isinstance(body, str):
            body = body.encode()
        elif body is not None:
            body = bytes(memoryview(body))
        async with self._server(url) as server:
            try:
                return await self._send(method, url, flat, body)
            finally:
                server.opened.set()

    def _server(self, url):
        origin = "/".join(url.split("/", 3)[:3]).lower()
        server = self._servers.get(origin)
        if server is None:
            server = self._servers[origin] = _Server()
        return server

    async def _send(self, method, url, headers, body):
        loop = asyncio.get_running_loop()
        future = loop.create_future()

        def done(error, status, version, received, size):
            """Called on the guest thread, whichever thread the loop is on."""
            if error is None:
                result = Response(status, version, _joined(received), offered.read(_host, size))
            else:
                result = HttpError(f"{method} {url}: {error}")
            try:
                loop.call_soon_threadsafe(_settle, future, result)
            except RuntimeError:
                pass  # the loop is closed

        exchange = _host.http_send(self._client, method, url, headers, body, done)
        if isinstance(exchange, str):
            raise ValueError(f"{method} {url}: {exchange}")
        try:
            return await future
        except asyncio.CancelledError:
            _host.http_cancel(exchange)
            raise

    def close(self) -> None:
        """Ends the connections; requests on their way fail."""
        client, self._client = self._client, None
        if client is not None:
            _host.http_close(client)

    async def __aenter__(self):
        return self

    async def __aexit__(self, *failure):
        self.close()


class _Server:
    """Lets so many requests at once through; the first goes ahead, as it makes the connection that
    the others are to find, but keeps them waiting for a moment only."""

    def __init__(self):
        self._places = asyncio.Semaphore(_MOST)
        self._opening = False
        self.opened = asyncio.Event()

    async def __aenter__(self):
        await self._places.acquire()
        try:
            if not self._opening:
                self._opening = True
            elif not self.opened.is_set():
                try:
                    await asyncio.wait_for(self.opened.wait(), _AHEAD_SECONDS)
                except TimeoutError:
                    pass
        except BaseException:
            self._places.release()
            raise
        return self

    async def __aexit__(self, *failure):
        self._places.release()


def _settle(future, result):
    if future.done():
        return
    if isinstance(result, HttpError):
        future.set_exception(result)
    else:
        future.set_result(result)


def _flat(headers):
    pairs = headers.items() if hasattr(headers, "items") else headers or ()
    texts = [str(text) for pair in pairs for text in pair]
    if any("\0" in text for text in texts):
        raise ValueError("a header has a NUL")
    return "".join(text + "\0" for text in texts)


def _joined(flat):
    headers = {}
    texts = flat.split("\0")
    for name, value in zip(texts[::2], texts[1::2]):
        name = name.lower()
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers


def fill(module, host) -> None:
    """Makes the module resty_http."""
    global _host
    _host = host
    module.Client = Client
    module.Response = Response
    module.HttpError = HttpError
    module.__doc__ = __doc__
