"""A message on its way out, and how an attempt ended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Literal
from uuid import UUID

from dealwire.alert_model import Payload

# host, port -> whether the address guard lets us connect there
AddressGuard = Callable[[str, int], bool]
# refused: this message was not wanted; unreachable: it did not arrive; unsure: it may have arrived
NOT_ALLOWED = "the address is not one that alerts may go to, or has no address"
Ending = Literal["sent", "refused", "unreachable", "unsure"]


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message: an alert, or several as a digest. `message_id` stays the same over all attempts."""

    message_id: UUID
    alert_ids: tuple[UUID, ...]
    payloads: tuple[Payload, ...]
    digest: bool
    possible_repeat: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an attempt ended. `detail` holds no secret; `retry_after` is what the receiver asked for, in seconds."""

    ending: Ending
    detail: str = ""
    retry_after: float | None = None


@dataclass(frozen=True, slots=True)
class Channel:
    """A receiver: a public name, its address with everything secret masked, and the way to deliver to it."""

    name: str
    masked: str
    deliver: Callable[[Outgoing], Outcome]


def from_status(status: int, retry_after: str | None, now: datetime) -> Outcome:
    """What an HTTP answer means for the message."""
    if 200 <= status < 300:
        return Outcome("sent")
    if 300 <= status < 400:
        return Outcome("refused", f"HTTP {status}: the receiver redirects, which is not followed")
    if status in (408, 425, 429) or status >= 500:
        return Outcome("unreachable", f"HTTP {status}", seconds_from(retry_after, now))
    return Outcome("refused", f"HTTP {status}")


def seconds_from(retry_after: str | None, now: datetime) -> float | None:
    """A Retry-After header in seconds; None where it is absent, in the past, or no sense."""
    if retry_after is None:
        return None
    value = retry_after.strip()
    if value.isdecimal() and len(value) < 12:
        return float(value)
    try:
        at = parsedate_to_datetime(value)
    except ValueError:
        return None
    seconds = (at.replace(tzinfo=at.tzinfo or UTC) - now).total_seconds()
    return seconds if seconds > 0 else None
