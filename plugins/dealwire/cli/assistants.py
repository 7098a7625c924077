"""`dealwire mcp`: the same database for assistants, over the Model Context Protocol on standard input and output."""

from __future__ import annotations

import argparse
import dataclasses
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import partial, wraps
from typing import Any

from dealwire.cli.command import Commands, add_command, database
from dealwire.errors import DealwireError
from dealwire.takeaway.columns import in_json

MOST_ROWS = 200


def add_commands(commands: Commands) -> None:
    add_command(
        commands, "mcp", serve, "serve search, deal, evidence and SQL to assistants (MCP on stdio)", "dealwire mcp"
    )


def serve(options: argparse.Namespace) -> int:
    """Serve until the client leaves. Every tool only reads; SQL runs as the analyst role."""
    from mcp.server import MCPServer

    server = MCPServer("dealwire")
    for tool in (search_deals, get_deal, get_evidence, query_sql):
        server.tool()(_saying_mistakes(tool))
    server.run(transport="stdio")
    return 0


def _saying_mistakes(tool: Callable[..., Any]) -> Callable[..., Any]:
    """Our own errors reach the assistant as their sentence, and are no crash of the server."""
    from mcp.server.mcpserver.exceptions import ToolError

    @wraps(tool)
    def said(*arguments: Any, **named: Any) -> Any:
        try:
            return tool(*arguments, **named)
        except DealwireError as error:
            raise ToolError(str(error)) from error

    return said


def search_deals(
    party: str | None = None,
    kind: str | None = None,
    status: str | None = None,
    since: str | None = None,
    min_usd: float | None = None,
    limit: int = 20,
) -> list[dict[str, Any]]:
    """Deals, newest first. `party` is a name, alias or id; `since` a day such as 2026-01-31; amounts in US dollars."""
    from dealwire.store.deals import list_deals

    with database() as runtime:
        found = list_deals(
            runtime.connection,
            party=party,
            kind=kind,
            status=status,
            since=date.fromisoformat(since) if since else None,
            min_usd=None if min_usd is None else Decimal(str(min_usd)),
            limit=max(1, min(limit, MOST_ROWS)),
        )
    return [in_json(deal) for deal in found]


def get_deal(deal_id: int) -> dict[str, Any]:
    """One deal as the page's API gives it: fields, parties, capacity, sources with claims and quotes, versions.

    `merged_into` names the deal that it became where it turned out to be another one."""
    from dealwire.store.database import fetch_all
    from dealwire.takeaway.whole_deal import read_deal_rows, whole_deal

    with database() as runtime:
        return whole_deal(read_deal_rows(partial(fetch_all, runtime.connection), deal_id))


def get_evidence(deal_id: int, field: str | None = None) -> list[dict[str, Any]]:
    """Every claim behind a deal or one of its fields: outlet, address, quote, offsets, probability."""
    from dealwire.store.deals import why

    with database() as runtime:
        return [in_json(dataclasses.asdict(claim)) for claim in why(runtime.connection, deal_id, field)][:MOST_ROWS]


def query_sql(query: str) -> list[dict[str, Any]]:
    """The first 200 rows of a query on the schema `analytics`, as a role that can read it and do nothing else."""
    from dealwire.store.analyst import run_as_analyst

    with database() as runtime:
        rows = run_as_analyst(runtime.connection, runtime.settings.home, query, MOST_ROWS)
    return [in_json(row) for row in rows]
