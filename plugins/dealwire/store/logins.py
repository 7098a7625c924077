"""The logins of the pipeline and the analysts, each with a generated password that the installation keeps."""

from __future__ import annotations

from pathlib import Path

from dealwire.store.analyst import ANALYST, role_url
from dealwire.store.database import Connection
from dealwire.store.roles import RoleName

PIPELINE: RoleName = "dealwire_pipeline"


def let_roles_in(connection: Connection, home: Path) -> None:
    """As their owner, give both roles the passwords kept in `home`. Raises StoreError where we may not."""
    for role in (PIPELINE, ANALYST):
        role_url(connection, home, role)
