"""Parsers that misbehave in every way, for the children of the sandbox to run. Imports little, so it starts fast."""

from __future__ import annotations

import ctypes
import os
import time


def crashing(body: bytes) -> None:
    ctypes.string_at(0)


def hanging(body: bytes) -> None:
    time.sleep(60)


def spinning(body: bytes) -> None:
    while True:
        pass


def hoarding(body: bytes) -> int:
    return len(bytearray(2 << 30))


def raising(body: bytes) -> None:
    raise KeyError("what a parser may raise")


def recursing(body: bytes) -> None:
    recursing(body)


def printing(body: bytes) -> int:
    print("noise on stdout" * 1_000)
    os.write(1, b"more noise")
    return len(body)


def spying(body: bytes) -> list[str]:
    return sorted(os.environ)
