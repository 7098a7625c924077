"""What can go wrong between us and PostgreSQL, by what the caller can do about it."""

from __future__ import annotations

import psycopg2
import psycopg2.errorcodes as codes

from dealwire.errors import StoreError


class Unavailable(StoreError):
    """The server cannot be reached, is restarting, refuses more connections, or cut ours.

    Whether the last transaction was committed is unknown. All work is keyed, so it may simply be done again.
    """


class Conflict(StoreError):
    """Another session's work collided with ours, again and again (deadlock or serialization)."""


class DatabaseFull(StoreError):
    """The server has no disk space left; nothing of the transaction was kept."""


class Refused(StoreError):
    """The role lacks the right to do this."""


class TimedOut(StoreError):
    """A lock or a statement took longer than we allow."""


class DataRefused(StoreError):
    """A constraint of the schema does not allow the row: a bug in what was sent, never retried."""


_LOST = {
    codes.ADMIN_SHUTDOWN,
    codes.CRASH_SHUTDOWN,
    codes.CANNOT_CONNECT_NOW,
    codes.TOO_MANY_CONNECTIONS,
    codes.IDLE_IN_TRANSACTION_SESSION_TIMEOUT,
}
_NO_ROOM = ("Disk quota exceeded", "File too large")  # told as internal errors, though they are the same trouble
RETRYABLE = {codes.DEADLOCK_DETECTED, codes.SERIALIZATION_FAILURE}


def translate(error: psycopg2.Error, doing: str) -> StoreError:
    """The typed error for what psycopg2 raised, told by SQLSTATE; `doing` names the query."""
    code = error.pgcode
    said = (error.diag.message_primary or str(error)).strip().split("\n")[0]
    message = f"{doing}: {said}"
    if code is None:
        lost = isinstance(error, psycopg2.OperationalError | psycopg2.InterfaceError)
        return Unavailable(f"{message} (connection to PostgreSQL lost)") if lost else StoreError(message)
    if code in _LOST or code.startswith("08"):
        return Unavailable(message)
    if code in RETRYABLE:
        return Conflict(message)
    if code == codes.DISK_FULL or (code.startswith("XX") and said.endswith(_NO_ROOM)):
        return DatabaseFull(f"{message}: free disk space of the database server; the work resumes by itself")
    if code == codes.INSUFFICIENT_PRIVILEGE:
        return Refused(message)
    if code in {codes.LOCK_NOT_AVAILABLE, codes.QUERY_CANCELED}:
        return TimedOut(message)
    if code.startswith("23"):
        return DataRefused(f"{message} ({error.diag.constraint_name or error.diag.column_name})")
    return StoreError(f"{message} (SQLSTATE {code})")
