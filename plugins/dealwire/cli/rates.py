"""`dealwire rates`: which exchange rates are in use, how the last refresh ended, and what has none."""

from __future__ import annotations

import argparse

from dealwire.cli.command import Commands, add_command, database, emit


def add_commands(commands: Commands) -> None:
    parser = add_command(
        commands,
        "rates",
        rates,
        "the exchange rates in use, and the currencies without one",
        "dealwire rates --refresh",
    )
    parser.add_argument("--refresh", action="store_true", help="fetch the newest ones now; the DAG maintain does daily")


def rates(options: argparse.Namespace) -> int:
    """Exit status 1 where a refresh that was asked for failed."""
    from dealwire import pipeline
    from dealwire.stages.rates import current_rates, last_refresh
    from dealwire.store.lives import currencies_without_rate

    with database() as runtime:
        counts = pipeline.refresh_exchange_rates(runtime, True) if options.refresh else {}
        if counts.get("deals"):
            pipeline.resolve_mentions(runtime)
        tried = last_refresh(runtime.settings)
        emit(
            {
                "last_day": current_rates(runtime.settings).last_day(),
                "source": runtime.settings.rates_url,
                "last_refresh": tried and {"at": tried.tried_at, "outcome": tried.outcome, "detail": tried.detail},
                "deals_converted_anew": counts.get("deals", 0),
                "without_rate": currencies_without_rate(runtime.connection),
            }
        )
    return int(counts.get("failed", 0))
