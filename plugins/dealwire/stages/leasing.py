"""One worker a batch: a second run of the same work leaves it alone, and a worker that slept stores nothing."""

from __future__ import annotations

import dataclasses
import logging
import os
import platform
from collections.abc import Callable
from contextlib import suppress
from functools import wraps

from dealwire.context import Runtime
from dealwire.errors import StoreError
from dealwire.store.leases import acquire_lease, lease_holder, release_lease, renew_lease

logger = logging.getLogger("dealwire")
Stage = Callable[[Runtime, list[int]], dict[str, int]]


def alone(name: str) -> Callable[[Stage], Stage]:
    """Run a stage on a batch under the lease on its ids; `{"skipped": 1}` while another's is in force."""

    def decorate(stage: Stage) -> Stage:
        @wraps(stage)
        def guarded(runtime: Runtime, batch: list[int]) -> dict[str, int]:
            ids = (batch[0], batch[-1])
            holder = f"process {os.getpid()} on {platform.node()}"
            lease = acquire_lease(runtime.connection, name, holder, ids=ids)
            if lease is None:
                other = lease_holder(runtime.connection, name, ids)
                logger.warning("skipped: lease held: %s %d-%d by %s; what it leaves waits for the next run",
                               name, *ids, other)  # fmt: skip
                return {"skipped": 1}
            try:
                return stage(dataclasses.replace(runtime, lease=lease), batch)
            finally:
                with suppress(StoreError):  # a connection that is gone took its lease with it
                    release_lease(runtime.connection, lease)

        return guarded

    return decorate


def hold_lease(runtime: Runtime) -> None:
    """First in each transaction that stores: LeaseLost where another took over, who cannot before this one ends."""
    if runtime.lease is not None:
        renew_lease(runtime.connection, runtime.lease)
