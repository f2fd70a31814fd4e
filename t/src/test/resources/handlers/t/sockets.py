"""Sockets that are waited for, and sent nothing."""

import asyncio
import contextlib
import errno
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

    async def unanswered(self, req, task):
        """Connecting to a port that is full, in the loop, with a time-out, and without waiting."""
        with socket.socket() as server, contextlib.ExitStack() as stack:
            server.bind(("127.0.0.1", 0))
            server.listen(1)
            address = server.getsockname()
            for _ in range(6):
                _start(stack, address)
            turns = []

            async def others():
                while True:
                    await asyncio.sleep(0.02)
                    turns.append(1)

            other = asyncio.create_task(others())
            told = []
            try:
                await asyncio.wait_for(asyncio.open_connection(*address), 1)
            except TimeoutError:
                told.append(len(turns) > 5)
            other.cancel()
            with socket.socket() as client:
                client.settimeout(0.2)
                told.append(_failure(client.connect, address))
            client, number = _start(stack, address)
            told += errno.errorcode[number], errno.errorcode[client.connect_ex(address)]
            told += select.select([], [client], [], 0.1)[1], _error(client)
            client.setblocking(True)
            told.append(_error(client))
            client.setblocking(False)
            return str(told)

    async def refused(self, req, task):
        """Connecting where nobody listens."""
        with socket.socket() as server, contextlib.ExitStack() as stack:
            server.bind(("127.0.0.1", 0))
            address = server.getsockname()
            told = []
            try:
                await asyncio.open_connection(*address)
            except ConnectionRefusedError as error:
                told.append(error.errno)
            client, number = _start(stack, address)
            told.append(errno.errorcode[number])
            ready = select.select([client], [client], [], 5)
            told += [len(each) for each in ready[:2]], _error(client), _error(client)
            for seconds in (5, None):
                with socket.socket() as other:
                    other.settimeout(seconds)
                    told.append(_failure(other.connect, address))
            return str(told)

    async def connected(self, req, task):
        """What is set before is there afterwards."""
        with socket.create_server(("127.0.0.1", 0)) as server, contextlib.ExitStack() as stack:
            client = stack.enter_context(socket.socket())
            client.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            told = [_options(client)]
            client.setblocking(False)
            loop = asyncio.get_running_loop()
            await asyncio.wait_for(loop.sock_connect(client, server.getsockname()), 10)
            told.append(_options(client))
            accepted, _ = server.accept()
            with accepted:
                accepted.sendall(b"hello")
                told.append(await loop.sock_recv(client, 10))
            return str(told)

    def begun(self, req, task):
        """A connection that is begun without waiting, and used as one that waits."""
        with socket.create_server(("127.0.0.1", 0)) as server, contextlib.ExitStack() as stack:
            address = server.getsockname()
            client, _ = _start(stack, address)
            client.setblocking(True)
            accepted, _ = server.accept()
            with accepted:
                same = client.getpeername() == accepted.getsockname()
                client.sendall(b"x")
                told = [same, accepted.recv(5)]
            server.close()
            other, _ = _start(stack, address)
            select.select([], [other], [], 5)
            other.setblocking(True)
            told += _failure(other.recv, 5), _error(other)
            return str(told)

    def reset(self, req, task):
        """The other end closes without having read."""
        with socket.create_server(("127.0.0.1", 0)) as server:
            with socket.create_connection(server.getsockname(), timeout=10) as client:
                accepted, _ = server.accept()
                client.sendall(b"unread")
                select.select([accepted], [], [], 10)
                accepted.close()
                try:
                    return str(client.recv(5))
                except ConnectionResetError as error:
                    return str(error)

    def datagrams(self, req, task):
        """Who sends to nobody is told."""
        with socket.socket(type=socket.SOCK_DGRAM) as to, socket.socket(type=socket.SOCK_DGRAM) as of:
            to.bind(("127.0.0.1", 0))
            to.settimeout(10)
            of.connect(to.getsockname())
            of.settimeout(10)
            told = [of.send(b"x"), to.recv(5)]
            to.close()
            of.send(b"lost")
            return str([*told, _failure(of.recv, 5)])


def _start(stack, address):
    """A socket that is about to be connected, and what connect_ex() said of it."""
    client = stack.enter_context(socket.socket())
    client.setblocking(False)
    return client, client.connect_ex(address)


def _failure(function, argument):
    try:
        return function(argument)
    except Exception as error:
        return str(error)


def _error(client):
    return client.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)


def _options(client):
    return [
        client.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) != 0,
        client.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0,
        client.getsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR) != 0,
    ]


def init(cfg):
    return Handlers()
