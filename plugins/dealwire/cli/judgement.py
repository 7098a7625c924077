"""Human judgement, recorded with who and why, and reversible: merge, split, override, review, undo."""

from __future__ import annotations

import argparse
import getpass

from dealwire.cli.command import Commands, add_command, database, emit, say
from dealwire.context import Runtime
from dealwire.deal_model import Action
from dealwire.errors import UsageError


def add_commands(commands: Commands) -> None:
    parser = add_command(commands, "merge", merge, "two deals are one", 'dealwire merge 17 12 --reason "same contract"')
    parser.add_argument("deal", type=int, help="the deal that is no more")
    parser.add_argument("into", type=int, help="the deal that stays")
    _add_reason(parser)
    parser = add_command(
        commands, "split", split, "a mention tells of another deal", 'dealwire split 12 340 --reason "Ohio"'
    )
    parser.add_argument("deal", type=int)
    parser.add_argument("mention", type=int, help="as `dealwire why DEAL` prints it")
    _add_reason(parser)
    parser = add_command(
        commands,
        "override",
        override,
        "a field of a deal is wrong",
        'dealwire override 12 term_months 84 --reason "filing"',
    )
    parser.add_argument("deal", type=int)
    parser.add_argument("field")
    parser.add_argument("value", help='the right value; "null" for none')
    _add_reason(parser)
    parser = add_command(commands, "review", review, "what waits for a person, or an answer to it", "dealwire review")
    answer = parser.add_mutually_exclusive_group()
    answer.add_argument("--accept", type=int, metavar="MENTION", help="it tells of a deal")
    answer.add_argument("--reject", type=int, metavar="MENTION", help="it does not")
    answer.add_argument("--undo", type=int, metavar="JUDGEMENT", help="take a judgement back")
    _add_reason(parser, needed=False)


def _add_reason(parser: argparse.ArgumentParser, needed: bool = True) -> None:
    parser.add_argument("--reason", required=needed, default="", help="why; kept with the judgement")
    parser.add_argument("--by", default=None, help="who; default: the user of this machine")


def merge(options: argparse.Namespace) -> int:
    return _judge(options, "merge", deal_id=options.deal, other_deal_id=options.into)


def split(options: argparse.Namespace) -> int:
    return _judge(options, "split", deal_id=options.deal, mention_id=options.mention)


def override(options: argparse.Namespace) -> int:
    from dealwire.resolve.overrides import parse_override

    value = None if options.value == "null" else options.value
    set_to = parse_override(options.field, value)  # refuses what no deal can hold before anything is recorded
    if options.field == "amount" and value is not None and "currency" not in set_to:
        _require_currency(options.deal)
    return _judge(options, "override", deal_id=options.deal, field=options.field, value=value)


def _require_currency(deal_id: int) -> None:
    from dealwire.store.deals import load_record

    with database() as runtime:
        if load_record(runtime.connection, deal_id).currency is None:
            raise UsageError('the deal has no currency yet: name it, as in "38000000000 USD"')


def review(options: argparse.Namespace) -> int:
    from dealwire.store.judgements import undo_judgement

    if options.accept is not None:
        return _judge(options, "accept", mention_id=options.accept)
    if options.reject is not None:
        return _judge(options, "reject", mention_id=options.reject)
    with database() as runtime:
        if options.undo is None:
            _list_queue(runtime)
            return 0
        undo_judgement(runtime.connection, options.undo, _who(options), options.reason, runtime.now())
        _apply(runtime)
    return 0


def _list_queue(runtime: Runtime) -> None:
    """What waits for a person: mentions, pairs of deals that may be one, deals with figures out of the ordinary."""
    from dealwire.store.deals import list_reviews
    from dealwire.store.lives import list_doubtful_deals, list_duplicates

    for row in list_reviews(runtime.connection):
        emit({"waits": "mention", **row})
    for row in list_duplicates(runtime.connection):
        emit({"waits": "possible_duplicate", **row})
    for row in list_doubtful_deals(runtime.connection):
        emit({"waits": "deal", **row})


def _judge(options: argparse.Namespace, action: Action, **what: object) -> int:
    from dealwire.store.judgements import add_judgement

    with database() as runtime:
        number = add_judgement(
            runtime.connection,
            action,
            made_by=_who(options),
            reason=options.reason,
            now=runtime.now(),
            **what,  # type: ignore[arg-type]
        )
        say(f"judgement {number} recorded; take it back with `dealwire review --undo {number}`")
        _apply(runtime)
    return 0


def _apply(runtime: Runtime) -> None:
    from dealwire import pipeline

    emit(pipeline.resolve_mentions(runtime))


def _who(options: argparse.Namespace) -> str:
    return options.by or getpass.getuser()
