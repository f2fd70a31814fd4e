"""What a generator expression with `await` in it iterates, for syntax.py."""


class Each:
    """Iterates asynchronously what can be iterated."""

    def __init__(self, iterable):
        self._next = iter(iterable).__next__

    def __aiter__(self):
        return self

    async def __anext__(self):
        try:
            return self._next()
        except StopIteration:
            raise StopAsyncIteration from None
