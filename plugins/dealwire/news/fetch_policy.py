"""What fetching may do and for how long. All of it is an argument; nothing is read from the environment."""

from __future__ import annotations

from dataclasses import dataclass, field

PROJECT_URL = "https://github.com/dealwire/dealwire"
MAX_FEED_BYTES = 10 * 1024 * 1024
MAX_PAGE_BYTES = 5 * 1024 * 1024


def user_agent(version: str, contact: str | None = None) -> str:
    """The name we go by, with a way to reach whoever runs this installation."""
    return f"Dealwire/{version} (+{contact or PROJECT_URL})"


@dataclass(frozen=True, slots=True)
class FetchPolicy:
    """Limits and manners of one fetcher. `allow_net` opens exact "host:port" pairs that the address guard refuses.

    `spacing_seconds` lies between two starts on one host, `parallel_per_host` is how many run at once there; a request
    that would have to wait longer than `max_wait_seconds` for its turn ends as `held` without having been sent.
    """

    user_agent: str = f"Dealwire (+{PROJECT_URL})"
    total_seconds: float = 30.0
    dns_seconds: float = 5.0
    connect_seconds: float = 5.0
    max_feed_bytes: int = MAX_FEED_BYTES
    max_page_bytes: int = MAX_PAGE_BYTES
    max_header_bytes: int = 64 * 1024
    max_redirects: int = 5
    allow_net: frozenset[str] = frozenset()
    allowed_ports: frozenset[int] = field(default_factory=lambda: frozenset({80, 443, 8080, 8443}))
    parallel: int = 32
    parallel_per_host: int = 2
    spacing_seconds: float = 5.0
    max_wait_seconds: float = 120.0
    obey_robots: bool = True
    ca_file: str | None = None

    def max_body(self, kind: str) -> int:
        return self.max_feed_bytes if kind == "feed" else self.max_page_bytes
