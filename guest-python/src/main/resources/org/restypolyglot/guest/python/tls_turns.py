"""TLS over a socket that one thread reads while another writes.

GraalPy's own keeps what is to be sent in one buffer and has no lock, so that the two send it twice,
and the other end breaks off (bad_record_mac). Here the engine is entered by one thread at a time,
and the socket is waited for outside: a reader does not wait for a writer, whose data the other end
may take only when it has been read from.
"""

import _socket
import _thread
from _ssl import MemoryBIO, SSLError, SSLWantReadError, SSLWantWriteError

_HEADER = 5
_KINDS_OF_RECORD = range(20, 24)
_MOST_AT_ONCE = 65536  # to be encrypted; more waits until it is sent

_receive = _socket.socket.recv
_send = _socket.socket.send


class Turns:
    """What a SSLSocket has for its _sslobj; all else is asked of the engine's own object."""

    def __init__(self, context, sock, **kwargs):
        incoming, outgoing = MemoryBIO(), MemoryBIO()
        engine = context._wrap_bio(incoming, outgoing, **kwargs)
        self.__dict__.update(
            _engine=engine,
            _incoming=incoming,
            _outgoing=outgoing,
            _sock=sock,
            _lock=_thread.allocate_lock(),  # of the engine and the two buffers
            _sending=_thread.allocate_lock(),
            _receiving=_thread.allocate_lock(),
            _received=0,  # how often
            _head=b"",  # of the record that is being received
            _missing=_HEADER,  # bytes of its head, or of the rest of it
            _unsent=b"",
            _taken=0,  # bytes of a write() that are encrypted, and will be given once more
        )

    def __getattr__(self, name):
        return getattr(self._engine, name)

    def __setattr__(self, name, value):
        if name in self.__dict__:
            self.__dict__[name] = value
        else:
            setattr(self._engine, name, value)

    @property
    def session_reused(self):
        """Whether the session was one of before; a method, of the engine's own object."""
        return self._engine.session_reused()

    def do_handshake(self):
        """Negotiates."""
        self._run(self._engine.do_handshake)

    def read(self, *args):
        """Up to so many bytes, or into a buffer."""
        if args == (0,):
            return b""  # the engine would wait for some
        data = self._until_received(lambda: self._engine.read(*args), self._send_some)
        self._tell_why(self._send_some)  # data is there, whatever became of an answer
        return data

    def shutdown(self):
        """Ends TLS; returns the socket."""
        self._run(self._engine.shutdown)
        return self._sock

    def write(self, data):
        """Returns how many bytes are sent; at least one, if there are some."""
        with memoryview(data) as view, view.cast("B") as octets, octets[:_MOST_AT_ONCE] as part:
            with self._sending:
                taken, self._taken = self._taken, 0
                if len(part) < taken:
                    raise SSLError(1, "bad length: not what was to be written before")
                if not taken:
                    taken = self._until_received(lambda: self._engine.write(part), self._send_all)
                try:
                    self._send_all()
                except (SSLWantWriteError, TimeoutError):
                    self._taken = taken
                    raise
            self._send_some()
            return taken

    def _run(self, operation):
        result = self._until_received(operation, self._send_some)
        self._send_some()
        return result

    def _until_received(self, operation, send):
        """`send` sends what a handshake has to say; who has the lock for that does not take it."""
        while True:
            try:
                with self._lock:
                    received = self._received
                    return operation()
            except SSLWantReadError:
                pass
            except SSLError:
                self._tell_why(send)
                raise
            send()
            self._receive_some(received)

    def _send_some(self):
        """What a handshake has to say; who sends already does this, too, when it is done."""
        while self._outgoing.pending and self._sending.acquire(False):
            try:
                self._send_all()
            finally:
                self._sending.release()

    def _tell_why(self, send):
        """The other end learns what there is to say, if it still listens."""
        try:
            send()
        except OSError:
            pass

    def _send_all(self):
        """With the lock for sending."""
        while True:
            if not self._unsent:
                with self._lock:
                    self._unsent = self._outgoing.read()
                if not self._unsent:
                    return
            try:
                count = _send(self._sock, self._unsent)
            except BlockingIOError:
                raise SSLWantWriteError(3, "The operation did not complete (write)") from None
            self._unsent = self._unsent[count:]

    def _receive_some(self, received):
        """No further than one record, so that select() tells of the next one."""
        with self._receiving:
            if received != self._received:  # by another thread
                return
            try:
                data = _receive(self._sock, self._missing)
            except BlockingIOError:
                raise SSLWantReadError(2, "The operation did not complete (read)") from None
            self._missing -= len(data)
            if len(self._head) < _HEADER:
                self._head += data
                if len(self._head) == _HEADER and self._head[0] in _KINDS_OF_RECORD:
                    self._missing = int.from_bytes(self._head[3:])
            if self._missing <= 0:
                self._head, self._missing = b"", _HEADER
            with self._lock:
                if data:
                    self._incoming.write(data)
                else:
                    self._incoming.write_eof()
                self._received += 1
