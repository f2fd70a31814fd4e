"""zlib._ZlibDecompressor, which gzip and zipfile use.

GraalPy's native one reads freed memory when it is asked for more after the end of its stream, which
ends the worker, and with max_length it can loop for ever.
"""


def replace(zlib) -> None:
    """By one that is made of zlib.decompressobj, which has none of this."""

    class _ZlibDecompressor:
        """Create a decompressor object for decompressing data incrementally."""

        def __init__(self, wbits=zlib.MAX_WBITS, zdict=b""):
            self._stream = zlib.decompressobj(wbits, zdict) if zdict else zlib.decompressobj(wbits)
            self._input = b""
            self._eof = False
            self._needs_input = True

        @property
        def eof(self):
            """True if the end-of-stream marker has been reached."""
            return self._eof

        @property
        def unused_data(self):
            """Data found after the end of the compressed stream."""
            return self._stream.unused_data if self._eof else b""

        @property
        def needs_input(self):
            """True if more input is needed before more decompressed data can be produced."""
            return self._needs_input

        def decompress(self, data, max_length=-1):
            """Returns at most max_length bytes; what is not used of data is kept for later."""
            if self._eof:
                raise EOFError("End of stream already reached")
            data = self._input + bytes(memoryview(data)) if self._input else data
            if max_length == 0:
                result, self._input = b"", bytes(memoryview(data))
            else:
                result = self._stream.decompress(data, max(max_length, 0))
                self._input = self._stream.unconsumed_tail
                self._eof = self._stream.eof
            self._needs_input = not self._eof and not self._input
            return result

        def __reduce_ex__(self, protocol):
            raise TypeError("cannot pickle 'zlib._ZlibDecompressor' object")

    _ZlibDecompressor.__module__ = "zlib"
    _ZlibDecompressor.__qualname__ = "_ZlibDecompressor"
    zlib._ZlibDecompressor = _ZlibDecompressor
