"""Our three roles on the server: owner, pipeline, analyst.

Where our own user may not create roles (a managed server), everything works but for the analysts' own login, and
the notice says what an administrator has to run.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from psycopg2.extensions import encrypt_password

from dealwire.errors import StoreError
from dealwire.store.database import Connection, atomic, execute, fetch_all, fetch_one, fetch_value, run_script
from dealwire.store.queries import SQL_ROOT

RoleName = Literal["dealwire_pipeline", "dealwire_analyst"]


def missing_roles(connection: Connection) -> list[str]:
    """Our roles that the server lacks."""
    return [row.name for row in fetch_all(connection, "roles_missing")]


def ensure_roles(connection: Connection) -> str | None:
    """Make the roles that are missing; None when all is well, else a sentence for the administrator."""
    missing = missing_roles(connection)
    if missing and fetch_one(connection, "roles_rights").may_create:
        run_script(connection, (SQL_ROOT / "roles.sql").read_text("utf-8"), "roles.sql")
        missing = missing_roles(connection)
    if not missing:
        return None
    return (
        f"the roles {', '.join(missing)} are missing and this user may not create roles: analysts have no login of "
        "their own until an administrator runs sql/roles.sql and then `dealwire db migrate` again"
    )


def open_database_to_owner(connection: Connection) -> bool:
    """Let the owner role make schemas here; False where we may not act as it, and then own everything ourselves."""
    if not fetch_one(connection, "roles_rights").is_owner:
        return False
    if not fetch_value(connection, "roles_owner_may_build"):
        try:
            execute(connection, "roles_let_owner_build")
        except StoreError:  # refused, or done by another runner at the same moment
            return bool(fetch_value(connection, "roles_owner_may_build"))
    return True


def close_what_is_open(connection: Connection, root: Path = SQL_ROOT) -> None:
    """As a superuser, take from everybody what PostgreSQL gives to all and an analyst must not have."""
    if fetch_one(connection, "roles_rights").superuser:
        run_script(connection, (root / "closing.sql").read_text("utf-8"), "closing.sql")


def what_stays_open(connection: Connection) -> str | None:
    """A sentence for the administrator where we were not allowed to close it."""
    if fetch_one(connection, "roles_rights").superuser:
        return None
    return (
        "this user is no superuser: analysts keep PostgreSQL's default rights (temporary tables, large objects, "
        "advisory locks) until a superuser runs sql/closing.sql in this database"
    )


@atomic
def let_in(connection: Connection, role: RoleName, password: str) -> None:
    """Give a role its password; only a SCRAM verifier travels."""
    verifier = encrypt_password(password, role, connection, "scram-sha-256")
    execute(connection, "roles_set_password", {"role": role, "verifier": verifier})
    execute(connection, "roles_apply_password")
