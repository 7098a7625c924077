"""Reading pages: documents per second against bare trafilatura with metadata, and memory; near-duplicates per second.

    bench/read.py [--pages 300] [FOLDER]
    bench/read.py --layouts        texts, titles, days, authors of tests/pages as found, against trafilatura

Without a folder the pages are made: articles of 12 to 40 paragraphs inside the clutter that news pages carry. With one,
every *.html in it is read. Rounds alternate between the readers in one process, so that their ratio holds on a busy
machine; the last line is our reader in its children, as the pipeline runs it.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "plugins"), str(ROOT / "tests")]

import trafilatura  # noqa: E402
from pages.layouts import PAGES, Page  # noqa: E402
from pages.measure import precision_and_recall  # noqa: E402

from dealwire.news.near_duplicates import group, signature  # noqa: E402
from dealwire.news.page_reading import parse_page  # noqa: E402
from dealwire.news.reading import Parsers  # noqa: E402

WORDS = [
    "river",
    "hall",
    "chip",
    "wind",
    "mast",
    "cable",
    "tower",
    "field",
    "port",
    "bridge",
    "plant",
    "market",
    "street",
    "city",
    "harbour",
    "valley",
    "road",
    "mine",
    "company",
    "group",
    "board",
    "plan",
    "year",
    "month",
    "price",
    "share",
    "loan",
    "builder",
    "supplier",
    "customer",
    "engineer",
    "council",
    "spokesman",
    "contract",
    "megawatt",
    "building",
    "centre",
    "server",
    "network",
    "cooling",
    "water",
    "power",
    "station",
    "line",
    "grid",
    "field",
    "investor",
    "fund",
    "bank",
    "agreement",
]


def sentence(chance: random.Random) -> str:
    words = [chance.choice(WORDS) for _ in range(chance.randint(8, 24))]
    return " ".join(words).capitalize() + "."


def article(seed: int) -> bytes:
    chance = random.Random(seed)
    paragraphs = [
        " ".join(sentence(chance) for _ in range(chance.randint(2, 5))) for _ in range(chance.randint(12, 40))
    ]
    title = sentence(chance).rstrip(".")
    menu = "".join(f'<li><a href="/s/{n}">{chance.choice(WORDS)}</a></li>' for n in range(60))
    teasers = "".join(
        f'<div class="teaser"><a href="/news/{n}"><h3>{sentence(chance)}</h3></a><p>{sentence(chance)}</p></div>'
        for n in range(25)
    )
    script = "window.dataLayer=[];" + "".join(f"push({{k{n}:'{chance.choice(WORDS)}'}});" for n in range(400))
    facts = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": title,
        "datePublished": "2025-11-03T14:05:00+01:00",
        "author": {"@type": "Person", "name": "A. Writer"},
    }
    head = (
        f'<title>{title} | Paper</title><meta property="og:title" content="{title}">'
        '<meta property="og:site_name" content="Paper"><style>.a{color:red}</style>'
        f'<link rel="canonical" href="https://paper.example.com/news/{seed}">'
        f'<script type="application/ld+json">{json.dumps(facts)}</script><script>{script}</script>'
    )
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">{head}</head><body>'
        f"<header><nav><ul>{menu}</ul></nav></header><main><article><h1>{title}</h1>"
        f'<div class="byline">By A. Writer</div>{body}</article><aside>{teasers}</aside></main>'
        f"<footer><ul>{menu}</ul><p>All rights reserved.</p></footer></body></html>"
    ).encode()


def bare(page: bytes) -> None:
    trafilatura.bare_extraction(page, with_metadata=True, include_comments=False)


def ours(page: bytes) -> None:
    parse_page(page, url="https://paper.example.com/news/1")


def rate(read: Callable[[bytes], None], pages: Sequence[bytes]) -> float:
    began = time.process_time()
    for page in pages:
        read(page)
    return len(pages) / (time.process_time() - began)


def _letters(text: str | None) -> str:
    return "".join(character for character in (text or "").lower() if character.isalnum())


def show_found(name: str, found: Sequence[tuple[Page, str | None, str | None, str | None, set[str]]]) -> None:
    """Means over pages of title, text, day and authors as found."""
    texts = [precision_and_recall(text or "", page.story.text) for page, _, text, _, _ in found]
    precision, recall = statistics.mean(one[0] for one in texts), statistics.mean(one[1] for one in texts)
    titles = [_letters(title) == _letters(page.story.title) for page, title, _, _, _ in found]
    days = [day == page.story.published.date().isoformat() for page, _, _, day, _ in found]
    named = [authors == set(page.story.authors) for page, _, _, _, authors in found if page.story.authors]
    print(
        f"{name:12} F1 {2 * precision * recall / (precision + recall):.3f} (P {precision:.3f} R {recall:.3f})   "
        f"title {sum(titles)} of {len(found)}   day {sum(days)}   authors {sum(named)} of {len(named)}"
    )


def layouts() -> None:
    """Our reader and bare trafilatura on the page layouts of the tests."""
    pages = [page for page in PAGES if not page.walled]
    read = [(page, parse_page(page.markup.encode(), url=page.url)) for page in pages]
    days = [one.published_at.date().isoformat() if one.published_at else None for _, one in read]
    show_found("dealwire", [(p, o.title, o.text, d, set(o.authors)) for (p, o), d in zip(read, days, strict=True)])
    bare_ones = [
        (page, trafilatura.bare_extraction(page.markup, url=page.url, with_metadata=True, include_comments=False))
        for page in pages
    ]
    show_found(
        "trafilatura",
        [
            (
                page,
                one and one.title,
                one and one.text,
                one and one.date,
                {*filter(None, ((one and one.author) or "").split("; "))},
            )
            for page, one in bare_ones
        ],
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--pages", type=int, default=300)
    parser.add_argument("--layouts", action="store_true")
    given = parser.parse_args()
    if given.layouts:
        layouts()
        return
    if given.folder:
        pages = [path.read_bytes() for path in sorted(given.folder.rglob("*.html"))[: given.pages]]
    else:
        pages = [article(seed) for seed in range(given.pages)]
    print(f"{len(pages)} pages of {statistics.mean(map(len, pages)) / 1000:.0f} kB")
    for read in (bare, ours):
        rate(read, pages[:5])  # load what they load
    rounds = [(rate(bare, pages), rate(ours, pages)) for _ in range(3)]
    print("trafilatura with metadata, pages a CPU second:", [round(pair[0]) for pair in rounds])
    print("dealwire in process,       pages a CPU second:", [round(pair[1]) for pair in rounds])
    print(f"ratio {statistics.median(pair[1] / pair[0] for pair in rounds):.2f}")
    print(f"peak memory of this process {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")
    with Parsers() as parsers:
        sources = [(page, "text/html", f"https://paper.example.com/news/{n}") for n, page in enumerate(pages)]
        parsers.parse_pages(sources[:4])
        began = time.perf_counter()
        found = parsers.parse_pages(sources)
        seconds = time.perf_counter() - began
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"dealwire in two children: {len(pages) / seconds:.0f} pages a second, {child:.0f} MiB each at most")
    texts = [page.text or "" for page in found]
    began = time.process_time()
    groups = group([signature(text) for text in texts])
    speed = len(texts) / (time.process_time() - began)
    words = statistics.mean(len(text.split()) for text in texts)
    print(f"near-duplicates: {speed:.0f} texts of {words:.0f} words a CPU second, {len(set(groups))} groups")


if __name__ == "__main__":
    main()
