"""`dealwire feeds list|add|remove|release|check|import|export`: the registry of feeds."""

from __future__ import annotations

import argparse
import asyncio
import re
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from dealwire.cli.command import Commands, add_command, chosen_settings, database, emit, say
from dealwire.errors import UsageError
from dealwire.feed_model import Feed
from dealwire.settings import Settings


def add_commands(commands: Commands) -> None:
    parser = commands.add_parser(
        "feeds", help="the registry of feeds: list, add, remove, release, check, import, export"
    )
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    add_command(actions, "list", show, "every feed with how its last poll went", "dealwire feeds list")
    parser = add_command(
        actions, "add", add, "add a feed, to be polled at the next run", "dealwire feeds add https://a.example/feed"
    )
    parser.add_argument("url", metavar="URL")
    parser.add_argument("--title", help="default: the host")
    parser.add_argument("--publisher", help="default: the title")
    parser.add_argument("--language", help="ISO 639-1 code, such as fr")
    parser.add_argument("--category")
    parser.add_argument("--official", action="store_true", help="a company's own newsroom, or a register of filings")
    parser.add_argument("--expect", type=count, metavar="N", help="how many entries it usually lists")
    parser.add_argument("--expect-per-day", type=count, metavar="N", help="how many new entries a day it brings")
    parser = add_command(actions, "remove", remove, "poll a feed no more; what it brought stays")
    parser.add_argument("url", metavar="URL")
    parser = add_command(
        actions,
        "release",
        release,
        "let a held feed go on, with its held entries",
        "dealwire feeds release https://a.example/feed",
    )
    parser.add_argument("url", metavar="FEED", help="its address")
    parser.add_argument("--drop", action="store_true", help="its held entries are not wanted; new ones are held again")
    parser = add_command(
        actions, "check", check, "fetch every feed once and say which work; stores nothing", "dealwire feeds check"
    )
    parser.add_argument("file", nargs="?", type=Path, metavar="OPML", help="default: the setting DEALWIRE_FEEDS")
    parser = add_command(
        actions, "import", import_feeds, "add the feeds of an OPML file", "dealwire feeds import more.opml"
    )
    parser.add_argument("file", type=Path, metavar="OPML")
    add_command(
        actions, "export", export, "write the registry as OPML to standard output", "dealwire feeds export > feeds.opml"
    )


def show(options: argparse.Namespace) -> int:
    from dealwire.stages.polling import sync_registry
    from dealwire.store.feeds import list_feeds

    with database() as runtime:
        sync_registry(runtime)
        for known in list_feeds(runtime.connection):
            emit(
                {
                    "url": known.feed.url,
                    "title": known.feed.title,
                    "language": known.feed.language,
                    "official": known.feed.official,
                    "active": known.active,
                    "last_outcome": known.last_outcome,
                    "last_detail": known.last_detail,
                    "last_ok_at": known.last_ok_at,
                    "failures": known.failure_count,
                    "next_poll_at": known.next_poll_at,
                    "held": known.held_reason,
                    "entries_held": known.entries_held,
                }
            )
    return 0


def count(text: str) -> int:
    """A whole number above 0."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a whole number above 0")
    return int(text)


def add(options: argparse.Namespace) -> int:
    from dealwire.news.urls import absolute_url
    from dealwire.store.feeds import add_feed

    url = absolute_url(options.url)
    if url is None:
        raise UsageError(f"{options.url} is not an http or https address")
    if options.language and not re.fullmatch("[a-z]{2,3}", options.language):
        raise UsageError(f"--language {options.language} is no ISO 639-1 code such as fr")
    title = options.title or urlsplit(url).hostname or url
    feed = Feed(
        url=url,
        title=title,
        publisher=options.publisher or title,
        language=options.language,
        category=options.category,
        official=options.official,
        expected_entries=options.expect,
        expected_per_day=options.expect_per_day,
    )
    with database() as runtime:
        number = add_feed(runtime.connection, feed, runtime.now())
    say(f"feed {number} added; poll it now with `dealwire poll --feed {feed.url}`")
    return 0


def remove(options: argparse.Namespace) -> int:
    from dealwire.store.feeds import remove_feed

    with database() as runtime:
        remove_feed(runtime.connection, options.url)
    say(f"{options.url} is polled no more")
    return 0


def release(options: argparse.Namespace) -> int:
    from dealwire.store.feeds import release_feed

    with database() as runtime:
        number = release_feed(runtime.connection, options.url, not options.drop, runtime.now())
    done = "are not wanted" if options.drop else "are read at the next run"
    say(f"{options.url} is held no more; {number} entries {done}")
    return 0


def import_feeds(options: argparse.Namespace) -> int:
    from dealwire.news.registry import read_opml
    from dealwire.store.feeds import add_feed

    feeds = read_opml(options.file)
    with database() as runtime:
        for feed in feeds:
            add_feed(runtime.connection, feed, runtime.now())
    say(f"{len(feeds)} feeds imported from {options.file}")
    return 0


def export(options: argparse.Namespace) -> int:
    from dealwire.news.registry import write_opml
    from dealwire.store.feeds import list_feeds

    with database() as runtime:
        sys.stdout.write(write_opml([known.feed for known in list_feeds(runtime.connection) if known.active]))
    return 0


def check(options: argparse.Namespace) -> int:
    """A line a feed; exit status 1 where one did not work."""
    from dealwire.news.registry import read_opml
    from dealwire.stages.feed_check import check_feeds

    settings = chosen_settings()
    path = options.file or settings.feeds
    feeds = read_opml(path)
    health = {} if options.file else _health(settings)
    say(f"checking {len(feeds)} feeds of {path}")
    good = odd = 0
    for result in asyncio.run(check_feeds(feeds, settings, say)):
        known = health.get(result["url"], {})
        result["unexpected"] = [*dict.fromkeys([*result["unexpected"], *known.get("unexpected", ())])]
        result |= {"health": known.get("health"), "held": known.get("held_reason")}
        good += result["outcome"] == "ok"
        odd += bool(result["unexpected"] or result["held"])
        emit(result)
    say(f"{good} of {len(feeds)} feeds work" + (f"; {odd} are not as the registry expects" if odd else ""))
    return int(good < len(feeds))


def _health(settings: Settings) -> dict[str, dict[str, Any]]:
    """How the polls of each feed went so far, by its address; nothing where no database runs yet."""
    from dealwire.runtime import embedded
    from dealwire.store.maintenance import feed_health

    if not settings.database_url and not embedded(settings).status().running:
        return {}
    with database() as runtime:
        return {row["url"]: row for row in feed_health(runtime.connection)}
