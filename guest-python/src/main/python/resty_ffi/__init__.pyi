"""Types of the handler API: see docs/python.md."""

from collections.abc import Awaitable
from typing import Protocol, TypeAlias, final

from typing_extensions import Buffer

Request: TypeAlias = bytes | None
"""What a handler gets; None for Lua's nil. Who never sends nil annotates it as bytes."""

Reply: TypeAlias = Buffer | str | None
"""What a handler returns: bytes and the like, text (which becomes UTF-8), or None for nil."""

@final
class Task:
    """The call that a handler answers."""

    # In nginx tasks come with their calls; one that is made is for a test of a handler.
    def __init__(self, method: str = "call") -> None: ...
    @property
    def method(self) -> str:
        """The name that Lua called."""
    @property
    def cancelled(self) -> bool:
        """Whether nobody waits for the reply any more; may change at any time."""
    @property
    def deadline(self) -> float | None:
        """When the call times out, on the clock of time.monotonic(); None for never."""

class Handler(Protocol):
    """One handler for all methods, as an entry may return it; an `async def` is one, too."""

    def __call__(self, req: bytes, task: Task, /) -> Reply | Awaitable[Reply]: ...
