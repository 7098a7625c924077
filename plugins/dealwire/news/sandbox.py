"""Parsing in limited child processes that are used again and again; a child that dies takes one document with it.

Parsers are C code fed by strangers: they crash, hang and eat memory. A process per document would be safe and costs
half a second each, so a few children are kept, each with limits on CPU, wall time and memory. Works the same as root,
as an ordinary user, from the command line and inside an Airflow task; children get an empty environment, no network
use of ours, and end by themselves when the parent does.
"""

from __future__ import annotations

import json
import os
import queue
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import dealwire
from dealwire.news.sandbox_worker import HEADER


@dataclass(frozen=True, slots=True)
class Limits:
    """What one document may cost, and after how much a child is replaced by a fresh one."""

    cpu_seconds: int = 20
    wall_seconds: int = 30
    memory_bytes: int = 768 * 1024 * 1024
    documents_per_child: int = 2_000
    retire_above_kib: int = 400 * 1024


@dataclass(frozen=True, slots=True)
class Document:
    """Bytes to parse and the keyword arguments that go with them (JSON values)."""

    body: bytes
    arguments: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the child answered, or the fault that ended it: parser_crash, parser_timeout, parser_memory."""

    result: Any
    fault: str | None = None
    detail: str | None = None


class _Child:
    """One worker process; started at the first document, and anew after each end."""

    def __init__(self, limits: Limits, path: Sequence[str]) -> None:
        self._limits = limits
        self._path = path
        self._process: subprocess.Popen[bytes] | None = None
        self._documents = 0

    def run(self, function: str, document: Document) -> Verdict:
        process = self._alive()
        deadline = time.monotonic() + self._limits.wall_seconds
        request = {"function": function, "arguments": document.arguments, "length": len(document.body)}
        frame = json.dumps(request).encode()
        try:
            assert process.stdin is not None
            process.stdin.write(HEADER.pack(len(frame)) + frame)
            process.stdin.write(document.body)
            process.stdin.flush()
            size = HEADER.unpack(self._read(process, HEADER.size, deadline))[0]
            answer = json.loads(self._read(process, size, deadline))
        except TimeoutError:
            self.stop()
            return Verdict(None, "parser_timeout", f"not done within {self._limits.wall_seconds} s")
        except (OSError, EOFError):
            return self._ended(process)
        self._documents += 1
        if (
            self._documents >= self._limits.documents_per_child
            or answer["peak_kib"] > self._limits.retire_above_kib
            or answer.get("fault") == "parser_memory"
        ):
            self.stop()
        return Verdict(answer.get("result"), answer.get("fault"), answer.get("detail"))

    def _alive(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            limits = self._limits
            numbers = (limits.cpu_seconds, limits.wall_seconds, limits.memory_bytes)
            self._documents = 0
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "dealwire.news.sandbox_worker", *(str(number) for number in numbers)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={
                    "PYTHONPATH": os.pathsep.join((str(Path(dealwire.__file__).parents[1]), *self._path)),
                    "OPENBLAS_NUM_THREADS": "1",
                    "OMP_NUM_THREADS": "1",
                    "LC_ALL": "C.UTF-8",
                },
                cwd="/",
                start_new_session=True,
            )
        return self._process

    def _read(self, process: subprocess.Popen[bytes], size: int, deadline: float) -> bytes:
        assert process.stdout is not None
        parts: list[bytes] = []
        with selectors.DefaultSelector() as selector:
            selector.register(process.stdout, selectors.EVENT_READ)
            while size:
                left = deadline - time.monotonic()
                if left <= 0 or not selector.select(left):
                    raise TimeoutError
                part = os.read(process.stdout.fileno(), min(size, 1 << 20))
                if not part:
                    raise EOFError
                parts.append(part)
                size -= len(part)
        return b"".join(parts)

    def _ended(self, process: subprocess.Popen[bytes]) -> Verdict:
        """The child died over this document; its signal says of what."""
        self.stop()
        code = process.returncode
        name = signal.Signals(-code).name if code and code < 0 else f"exit {code}"
        if name in ("SIGXCPU", "SIGALRM"):
            return Verdict(None, "parser_timeout", f"ended by {name}")
        return Verdict(None, "parser_memory" if name == "SIGKILL" else "parser_crash", f"ended by {name}")

    def stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.2 if process.poll() is None and _has_ended_output(process) else 0)
        with suppress(ProcessLookupError, PermissionError):
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        for stream in (process.stdin, process.stdout):
            with suppress(OSError):
                if stream is not None:
                    stream.close()


def _has_ended_output(process: subprocess.Popen[bytes]) -> bool:
    """Whether the child's stdout is at its end, so that it is dying on its own and has a cause worth waiting for."""
    assert process.stdout is not None
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        return bool(selector.select(0)) and not os.read(process.stdout.fileno(), 1)


class Sandbox:
    """A pool of children. Use as a context manager; `run` may be called from several threads."""

    def __init__(self, limits: Limits | None = None, workers: int = 2, path: Sequence[str] = ()) -> None:
        """`path` holds more folders to import parser functions from."""
        self._children = [_Child(limits or Limits(), path) for _ in range(workers)]
        self._idle: queue.SimpleQueue[_Child] = queue.SimpleQueue()
        for child in self._children:
            self._idle.put(child)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        for child in self._children:
            child.stop()

    def run(self, function: str, document: Document) -> Verdict:
        """Call `module:function` with the document's bytes and arguments in a child; the result is JSON."""
        child = self._idle.get()
        try:
            return child.run(function, document)
        except BaseException:
            child.stop()
            raise
        finally:
            self._idle.put(child)

    def run_many(self, function: str, documents: Sequence[Document]) -> list[Verdict]:
        """The verdicts in the order of the documents, as many at once as there are children."""
        if len(documents) <= 1 or len(self._children) == 1:
            return [self.run(function, document) for document in documents]
        with ThreadPoolExecutor(len(self._children), thread_name_prefix="parse") as threads:
            return list(threads.map(lambda document: self.run(function, document), documents))
