"""Generated passwords of database users, each in a file that only the installation's owner can read."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def remembered_password(home: Path, user: str) -> str:
    """The password we keep for a user; made on first use, the same for all who ask at once."""
    path = home / f"{user}.password"
    try:
        return path.read_text("ascii")
    except FileNotFoundError:
        pass
    word = secrets.token_urlsafe(24)
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f"{path.name}.{os.getpid()}")
    half.unlink(missing_ok=True)
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(word)
    try:
        os.link(half, path)  # the first of two callers wins
    except FileExistsError:
        word = path.read_text("ascii")
    half.unlink()
    return word
