"""A handler that imports nothing: what Python itself costs, without asyncio."""


class Plain:
    """Answers with the request."""

    def echo(self, req, task):
        return req


def init(cfg):
    return Plain()
