"""HTTP/1.1 and HTTP/2 for coroutines, by Java's HTTP client: see docs/python-http.md."""

from collections.abc import Iterable, Mapping
from os import PathLike
from types import TracebackType
from typing import Self, final

from typing_extensions import Buffer

class HttpError(Exception):
    """A request that got no response: no connection, no trust, or the connection was lost."""

@final
class Response:
    """What a server answered."""

    status: int
    version: str
    """ "HTTP/2" or "HTTP/1.1"."""
    headers: dict[str, str]
    """By name in lower case; values that came more than once are joined by ", "."""
    body: bytes
    def __init__(self, status: int, version: str, headers: dict[str, str], body: bytes) -> None: ...
    @property
    def text(self) -> str:
        """The body as UTF-8; what is not becomes U+FFFD."""

class Client:
    """Connections to servers, kept until close(); belongs to one event loop."""

    def __init__(self, ca: str | PathLike[str] | None = None, connect_timeout: float = 10.0) -> None: ...
    async def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | Iterable[tuple[str, str]] | None = None,
        body: Buffer | str | None = None,
    ) -> Response:
        """Sends a request and awaits the whole response; a cancelled one resets its stream."""
    def close(self) -> None:
        """Ends the connections; requests on their way fail."""
    async def __aenter__(self) -> Self: ...
    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
        /,
    ) -> None: ...
