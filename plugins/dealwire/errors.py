"""The errors that Dealwire raises on purpose.

One root; a class per thing the caller can do about it. The message names the file, feed, key or table and
says what to do. The command line prints it on one line and exits with `exit_code`.
"""


class DealwireError(Exception):
    """Something Dealwire could not do; the message says what, where, and what helps."""

    exit_code = 1


class SettingsError(DealwireError):
    """A setting is missing or wrong; raised at start, before any work."""

    exit_code = 2


class UsageError(DealwireError):
    """The command line was used in a way that cannot be carried out."""

    exit_code = 2


class StoreError(DealwireError):
    """PostgreSQL could not be reached, started, or does not hold the schema this version needs."""

    exit_code = 2


class NotFoundError(DealwireError):
    """A deal, feed, article or rule that was named does not exist."""


class LeaseLost(DealwireError):
    """Another worker took over the work; nothing of this worker's batch was committed."""
