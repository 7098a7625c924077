"""Undoing gzip and deflate bit by bit, so that no more than the allowed number of bytes is ever unpacked."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from typing import Protocol

MAX_ENCODINGS = 2
_STEP = 256 * 1024


class BadEncoding(Exception):
    """The body is not what its Content-Encoding says."""


class TooLarge(Exception):
    """The decoded body passed its limit."""


class _Decoder(Protocol):
    def feed(self, data: bytes) -> Iterator[bytes]: ...
    def finish(self) -> None: ...


class _Gzip:
    """gzip, also of several members; zlib checks each member's length and CRC."""

    def __init__(self) -> None:
        self._stream = zlib.decompressobj(16 + zlib.MAX_WBITS)
        self._started = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        while data:
            if self._stream.eof:
                if not data.strip(b"\0"):
                    return  # padding after the last member
                self._stream = zlib.decompressobj(16 + zlib.MAX_WBITS)
            self._started = True
            yield from _inflate(self._stream, data)
            data = self._stream.unused_data if self._stream.eof else b""

    def finish(self) -> None:
        if self._started and not self._stream.eof:
            raise BadEncoding("the gzip stream ends early")


class _Deflate:
    """zlib's format as the standard says, or the bare stream as some servers send it."""

    def __init__(self) -> None:
        self._stream = zlib.decompressobj()
        self._first = True

    def feed(self, data: bytes) -> Iterator[bytes]:
        if self._first and data:
            self._first = False
            self._stream = zlib.decompressobj() if _is_zlib(data) else zlib.decompressobj(-zlib.MAX_WBITS)
        if not self._stream.eof:
            yield from _inflate(self._stream, data)

    def finish(self) -> None:
        if not self._first and not self._stream.eof:
            raise BadEncoding("the deflate stream ends early")


def _is_zlib(start: bytes) -> bool:
    return start[0] & 0x0F == 8 and (len(start) < 2 or (start[0] << 8 | start[1]) % 31 == 0)


def _inflate(stream: zlib._Decompress, data: bytes) -> Iterator[bytes]:
    """Unpack in steps; a full step may have more behind it although all input is taken."""
    while True:
        try:
            out = stream.decompress(data, _STEP)
        except zlib.error as error:
            raise BadEncoding(str(error)) from error
        yield out
        data = stream.unconsumed_tail
        if not data and len(out) < _STEP:
            return


_DECODERS: dict[str, Callable[[], _Decoder]] = {"gzip": _Gzip, "x-gzip": _Gzip, "deflate": _Deflate}
ACCEPT_ENCODING = "gzip, deflate"


class BodyDecoder:
    """Takes the chunks as they arrive and keeps the decoded bytes; raises as soon as they pass `limit`."""

    def __init__(self, content_encoding: str, limit: int) -> None:
        names = [name.strip().lower() for name in content_encoding.split(",")]
        names = [name for name in names if name and name != "identity"]
        if len(names) > MAX_ENCODINGS:
            raise BadEncoding(f"{len(names)} encodings on top of one another")
        unknown = [name for name in names if name not in _DECODERS]
        if unknown:
            raise BadEncoding(f"unknown encoding {unknown[0][:40]!r}")
        self._chain = [_DECODERS[name]() for name in reversed(names)]
        self._limit = limit
        self._wire = 0
        self._parts: list[bytes] = []
        self._size = 0

    def feed(self, chunk: bytes) -> None:
        self._wire += len(chunk)
        if self._wire > self._limit:
            raise TooLarge(f"more than {self._limit} bytes sent")
        for part in self._decode(chunk, 0):
            self._size += len(part)
            if self._size > self._limit:
                raise TooLarge(f"more than {self._limit} bytes after decoding")
            self._parts.append(part)

    def _decode(self, data: bytes, depth: int) -> Iterator[bytes]:
        if depth == len(self._chain):
            yield data
            return
        for part in self._chain[depth].feed(data):
            yield from self._decode(part, depth + 1)

    def taken(self) -> bytes:
        """What was decoded so far."""
        return b"".join(self._parts)

    def finish(self) -> bytes:
        for decoder in self._chain:
            decoder.finish()
        return self.taken()
