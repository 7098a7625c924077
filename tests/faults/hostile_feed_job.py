"""The job of parsing a feed as a child runs it, with two words at which a broken parser crashes or hangs."""

from __future__ import annotations

import os
import signal
from typing import Any

from dealwire.news import feed_job


def feed(body: bytes, **arguments: Any) -> dict[str, Any]:
    if b"CRASH" in body:
        os.kill(os.getpid(), signal.SIGSEGV)
    while b"HANG" in body:
        pass
    return feed_job.feed(body, **arguments)
