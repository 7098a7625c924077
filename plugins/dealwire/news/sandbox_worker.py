"""The child that parses: reads a document from stdin, answers on stdout, and dies of its limits rather than hang.

A frame is a four-byte length and JSON; a request's frame is followed by as many raw bytes as its `length` says.
Started by `sandbox`, never by hand. Limits of time are set anew for each document, so a long-lived child is no loss.
"""

from __future__ import annotations

import importlib
import json
import os
import resource
import signal
import struct
import sys
from collections.abc import Callable
from typing import Any, BinaryIO

HEADER = struct.Struct(">I")


def _limit(kind: int, soft: int) -> None:
    _, hard = resource.getrlimit(kind)
    resource.setrlimit(kind, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))


def _read_exactly(stream: BinaryIO, size: int) -> bytes:
    data = stream.read(size)
    if len(data) < size:
        sys.exit(0)  # the parent is gone or wants no more
    return data


def _load(name: str, cache: dict[str, Callable[..., Any]]) -> Callable[..., Any]:
    if name not in cache:
        module, _, attribute = name.partition(":")
        cache[name] = getattr(importlib.import_module(module), attribute)
    return cache[name]


def _answer(request: dict[str, Any], body: bytes, cache: dict[str, Callable[..., Any]]) -> dict[str, Any]:
    try:
        return {"result": _load(request["function"], cache)(body, **request["arguments"])}
    except MemoryError:
        return {"fault": "parser_memory", "detail": "memory limit reached"}
    except RecursionError:
        return {"fault": "parser_crash", "detail": "nested too deep"}
    except Exception as error:  # whatever a parser raises is this document's fault and no other's
        return {"fault": "parser_crash", "detail": f"{type(error).__name__}: {error}"[:300]}


def _peak_kib() -> int:
    """The most memory this process has held. Not ru_maxrss, which a child inherits from a large parent."""
    with open("/proc/self/status", encoding="ascii") as status:
        return next((int(line.split()[1]) for line in status if line.startswith("VmHWM:")), 0)


def main() -> None:
    cpu_seconds, wall_seconds, memory_bytes = (int(argument) for argument in sys.argv[1:4])
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, 256 << 20)  # py3langid unpacks its model into a temporary file
    _limit(resource.RLIMIT_AS, memory_bytes)
    stdin, stdout = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not get between the frames
    cache: dict[str, Callable[..., Any]] = {}
    while True:
        request = json.loads(_read_exactly(stdin, HEADER.unpack(_read_exactly(stdin, HEADER.size))[0]))
        body = _read_exactly(stdin, request["length"])
        usage = resource.getrusage(resource.RUSAGE_SELF)
        _limit(resource.RLIMIT_CPU, int(usage.ru_utime + usage.ru_stime) + cpu_seconds + 1)
        signal.alarm(wall_seconds + 1)  # ends this process even inside C code and without a parent
        answer = _answer(request, body, cache)
        signal.alarm(0)
        answer["peak_kib"] = _peak_kib()
        frame = json.dumps(answer).encode()
        stdout.write(HEADER.pack(len(frame)) + frame)
        stdout.flush()
        if answer.get("fault") == "parser_memory":
            sys.exit(0)  # what is left of the heap is not to be trusted


if __name__ == "__main__":
    main()
