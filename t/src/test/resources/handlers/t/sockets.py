"""Sockets that are waited for, and sent nothing."""

import asyncio
import select
import socket
import threading

MUCH = 8_000_000


class Handlers:
    def ready(self, req, task):
        """What select() says of a socket that is readable, writable, both."""
        mine, other = socket.socketpair()
        with mine, other:
            other.send(b"x")
            both = select.select([mine], [mine], [], 5)
            mine.setblocking(False)
            try:
                while True:
                    mine.send(bytes(65536))
            except BlockingIOError:
                pass
            full = select.select([mine], [mine], [], 5)
            mine.recv(1)
            neither = select.select([mine], [mine], [], 0.1)
            return str([[len(ready) for ready in each[:2]] for each in (both, full, neither)])

    def nothing(self, req, task):
        """What sending nothing gives."""
        mine, other = socket.socketpair()
        with mine, other:
            mine.settimeout(10)
            return str((mine.send(b""), mine.sendall(bytearray())))

    def closed(self, req, task):
        """select() in a thread, of a socket that is closed meanwhile."""
        found = []
        mine, other = socket.socketpair()

        def wait():
            try:
                found.append(select.select([mine], [], [], 0.5))
            except Exception as e:
                found.append(e)

        thread = threading.Thread(target=wait)
        thread.start()
        while not thread.is_alive():
            pass
        threading.Event().wait(0.2)
        mine.close()
        thread.join(20)
        other.close()
        return str(found)

    async def both_ways(self, req, task):
        """Two who send more than sockets hold before they read."""

        async def talk(reader, writer):
            writer.write(bytes(MUCH))
            data = await reader.readexactly(MUCH)
            await writer.drain()
            writer.close()
            return len(data)

        answers = asyncio.Queue()

        async def serve(reader, writer):
            answers.put_nowait(await talk(reader, writer))

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        async with server:
            ends = await asyncio.open_connection(*server.sockets[0].getsockname())
            mine = await talk(*ends)
            return str((mine, await answers.get()))


def init(cfg):
    return Handlers()
