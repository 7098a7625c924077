#!/usr/bin/env python3
"""A made-up press of any size on loopback: feeds of headlines, pages with text, one page in three with a deal.

    bench/press.py --feeds 500 --articles 30 --port-file F --opml-file G [--start 2026-11-24]

The same numbers give the same news. Every deal is told by three outlets in words of their own. Feeds begin with
--articles articles; `POST /publish?articles=N` lets each show its first N. Used by pipeline.py and celery_workers.py.
"""

from __future__ import annotations

import argparse
import asyncio
import functools
import hashlib
import random
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from html import escape
from pathlib import Path
from xml.sax.saxutils import quoteattr

from aiohttp import web

OUTLETS_OF_A_DEAL = 3
DEAL_EVERY = 3  # one page in so many tells of a deal
BUYERS = ("OpenAI", "Anthropic", "Meta", "Microsoft", "xAI", "Mistral AI", "Cohere", "Google", "ByteDance", "Apple")
SELLERS = (
    "Oracle",
    "CoreWeave",
    "Nebius",
    "Lambda",
    "Crusoe",
    "Amazon Web Services",
    "Nscale",
    "Vultr",
    "IREN",
    "Equinix",
)
DEALS = (
    "{buyer} signed a {years}-year contract worth ${amount} billion with {seller} for computing capacity.",
    "{seller} will provide {buyer} with computing capacity under a ${amount} billion agreement over {years} years.",
    "{buyer} agreed to buy ${amount} billion of cloud services from {seller} over {years} years, the companies said.",
)
HEADLINES = (
    "{buyer} signs ${amount} billion cloud contract with {seller}",
    "{seller} wins ${amount} billion computing deal from {buyer}",
    "{buyer} to buy ${amount} billion of computing capacity from {seller}",
)
WORDS = re.findall(
    r"\w+",
    """
    harbour council water garden bridge winter market teacher river road museum station orchard village theatre storm
    timber captain library kitchen festival mountain railway doctor copper island pottery meadow weather engine
    window cattle summer sailor painter granite lantern tunnel forest baker quarry saddle willow marble cotton
    whistle ladder barrel canvas pepper ribbon thunder walnut compass feather
""",
)
SENTENCES = (
    "The {0} near the {1} was closed for {n} days after the {2} had asked for it.",
    "Visitors of the {0} said that the {1} had never been so quiet as in this {2}.",
    "A spokesman for the {0} told the {1} that {n} people worked on the {2}.",
    "Nobody at the {0} knew why the {1} was painted in the colours of the {2}.",
    "In the {0}, {n} residents met to speak about the {1} and the old {2}.",
)


class Press:
    """What is published, as bytes; everything follows from the numbers of feed and article."""

    def __init__(self, feeds: int, articles: int, start: date) -> None:
        self.feeds = feeds
        self.articles = articles
        self.begin = datetime.combine(start, time(6), UTC)
        self.base = ""

    def headline(self, feed: int, article: int) -> str:
        chance = self._chance(feed, article)
        if self.deal_of(feed, article) is None:
            return (
                f"The {chance.choice(WORDS)} and the {chance.choice(WORDS)} of {chance.choice(WORDS)} {feed}-{article}"
            )
        return HEADLINES[feed % OUTLETS_OF_A_DEAL].format(**self._facts(feed, article))

    def deal_of(self, feed: int, article: int) -> int | None:
        """The number of the deal that an article tells of; three neighbouring feeds tell of the same."""
        group = feed // OUTLETS_OF_A_DEAL
        number = group * 1009 + article
        return number if (group + article) % DEAL_EVERY == 0 else None

    def _facts(self, feed: int, article: int) -> dict[str, object]:
        chance = random.Random(f"deal {self.deal_of(feed, article)}")
        amount = f"{chance.randint(2, 900) / 10:g}"
        return {
            "buyer": chance.choice(BUYERS), "seller": chance.choice(SELLERS), "amount": amount,
            "years": chance.randint(2, 15),
        }  # fmt: skip

    def _chance(self, feed: int, article: int) -> random.Random:
        return random.Random(feed * 100_003 + article)

    def paragraphs(self, feed: int, article: int) -> list[str]:
        chance = self._chance(feed, article)
        found = [" ".join(_sentence(chance) for _ in range(4)) for _ in range(7)]
        if self.deal_of(feed, article) is not None:
            found[0] = f"{DEALS[feed % OUTLETS_OF_A_DEAL].format(**self._facts(feed, article))} {found[0]}"
        return found

    def published_at(self, feed: int, article: int) -> datetime:
        return self.begin - timedelta(hours=12) + timedelta(minutes=7 * article, seconds=feed % 60)

    @functools.lru_cache(maxsize=20_000)  # noqa: B019 - one press a process
    def page(self, feed: int, article: int) -> bytes:
        title, at = escape(self.headline(feed, article)), self.published_at(feed, article).isoformat()
        text = "\n".join(f"<p>{escape(part)}</p>" for part in self.paragraphs(feed, article))
        menu = "".join(f'<li><a href="/section/{n}">Section {n}</a></li>' for n in range(40))
        return (
            f'<!DOCTYPE html><html lang="en"><head><title>{title}</title><meta charset="utf-8">'
            f'<meta property="article:published_time" content="{at}"></head><body><nav><ul>{menu}</ul></nav>'
            f"<main><article><h1>{title}</h1>{text}</article></main><footer><ul>{menu}</ul></footer></body></html>"
        ).encode()

    def feed(self, number: int) -> bytes:
        items = "".join(
            f"<item><title>{escape(self.headline(number, n))}</title><link>{self.base}/{number}/{n}.html</link>"
            f'<guid isPermaLink="false">{number}-{n}</guid>'
            f"<pubDate>{self.published_at(number, n):%a, %d %b %Y %H:%M:%S +0000}</pubDate>"
            f"<description>{escape(self.paragraphs(number, n)[1])}</description></item>"
            for n in reversed(range(self.articles))
        )
        return (
            '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>'
            f"<title>Outlet {number}</title><link>{self.base}/{number}/</link>"
            f"<description>News.</description>{items}</channel></rss>"
        ).encode()

    def opml(self) -> str:
        lines = "\n".join(
            f"<outline type='rss' title='Outlet {n}' text='Outlet {n}' xmlUrl={quoteattr(f'{self.base}/feed/{n}')} "
            f"language='en' category='tech-press' official='false' publisher='Outlet {n}'/>"
            for n in range(self.feeds)
        )
        head = '<?xml version="1.0"?><opml version="2.0"><head><title>Press</title></head>'
        return f"{head}<body>\n{lines}\n</body></opml>\n"


def _sentence(chance: random.Random) -> str:
    return chance.choice(SENTENCES).format(*chance.sample(WORDS, 3), n=chance.randint(2, 900))


def application(press: Press) -> web.Application:
    async def feed(request: web.Request) -> web.Response:
        body = press.feed(int(request.match_info["feed"]))
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if request.headers.get("If-None-Match") == etag:
            return web.Response(status=304, headers={"ETag": etag})
        return web.Response(body=body, content_type="application/rss+xml", headers={"ETag": etag})

    async def page(request: web.Request) -> web.Response:
        one, other = int(request.match_info["feed"]), int(request.match_info["article"])
        return web.Response(body=press.page(one, other), content_type="text/html", charset="utf-8")

    async def publish(request: web.Request) -> web.Response:
        press.articles = int(request.query["articles"])
        return web.Response(text=str(press.articles))

    async def robots(request: web.Request) -> web.Response:
        return web.Response(text="User-agent: *\nDisallow:\n")

    app = web.Application()
    app.router.add_get("/feed/{feed:\\d+}", feed)
    app.router.add_get("/{feed:\\d+}/{article:\\d+}.html", page)
    app.router.add_post("/publish", publish)
    app.router.add_get("/robots.txt", robots)
    return app


async def serve(press: Press, port_file: Path, opml_file: Path) -> None:
    runner = web.AppRunner(application(press), access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    press.base = f"http://127.0.0.1:{port}"
    opml_file.write_text(press.opml(), "utf-8")
    part = port_file.with_suffix(".part")
    part.write_text(f"{port}\n", "utf-8")
    part.rename(port_file)  # whoever waits for the file finds it whole
    await asyncio.Event().wait()


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--feeds", type=int, default=500)
    parser.add_argument("--articles", type=int, default=30)
    parser.add_argument("--start", type=date.fromisoformat, default=datetime.now(UTC).date())
    parser.add_argument("--port-file", type=Path, required=True)
    parser.add_argument("--opml-file", type=Path, required=True)
    options = parser.parse_args(arguments)
    press = Press(options.feeds, options.articles, options.start)
    asyncio.run(serve(press, options.port_file, options.opml_file))


if __name__ == "__main__":
    main()
