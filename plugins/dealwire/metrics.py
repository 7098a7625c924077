"""Counters and timings of the stages, told to whatever Airflow's section [metrics] names: StatsD or OpenTelemetry.

Inside a task Airflow's own client is set up already; outside of Airflow there is nobody to tell.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Mapping
from typing import Any

CLIENT = "airflow.sdk.observability.stats"


def tell(stage: str, seconds: float, result: Any) -> None:
    """`dealwire.STAGE.duration` in milliseconds, and `dealwire.STAGE.COUNT` for each of its counts."""
    if "airflow.sdk" not in sys.modules:
        return
    client = importlib.import_module(CLIENT)
    client.timing(f"dealwire.{stage}.duration", seconds * 1000)
    if isinstance(result, Mapping):
        for name, count in result.items():
            if isinstance(count, int) and count:
                client.incr(f"dealwire.{stage}.{name}", count)


def tell_failure(stage: str) -> None:
    """`dealwire.STAGE.failures`."""
    if "airflow.sdk" in sys.modules:
        importlib.import_module(CLIENT).incr(f"dealwire.{stage}.failures")
