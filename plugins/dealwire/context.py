"""What a stage needs from outside, as one argument: settings, a connection, the clock, chance, and somebody to tell."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from dealwire.settings import Settings
from dealwire.store.database import Connection
from dealwire.store.leases import Lease

logger = logging.getLogger("dealwire")


@dataclass(frozen=True, slots=True)
class Runtime:
    """Made by runtime.open_runtime; tests make their own with a clock that stands still."""

    settings: Settings
    connection: Connection
    now: Callable[[], datetime]
    chance: Callable[[], float] = random.random
    say: Callable[[str], None] = logger.info
    lease: Lease | None = None  # on the batch that a stage works on
