"""Each kind of bytes as a reply."""


class Bytes:
    def echo(self, req, task):
        return req

    def isnil(self, req, task):
        return str(req is None).lower()

    def sum(self, req, task):
        return str(sum(req))

    def typed(self, req, task):
        return bytearray(req)

    def slice(self, req, task):
        return memoryview(req)[1:3]

    def buffer(self, req, task):
        return memoryview(req)

    def emptybytes(self, req, task):
        return b""


def init(cfg):
    return Bytes()
