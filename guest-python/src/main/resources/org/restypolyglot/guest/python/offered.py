"""Reads the bytes that the host has offered to this thread (RequestStream.java)."""

import posix

_stdin = posix.dup(0)  # a guest may close its own


def read(host, size: int) -> bytes:
    """All of them, at once."""
    if size == 0:
        return b""
    try:
        return posix.read(_stdin, size)
    except OSError:
        return host.request_text().encode("latin-1")
