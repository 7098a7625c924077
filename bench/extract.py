"""Speed and memory of the local reader, beside trafilatura's body extraction of the same texts in the same run.

    .venv/bin/python bench/extract.py [--articles 200] [--processes 2]

Texts are labelled articles of one language joined to about 300 words; pages are those texts in plain HTML with the
usual clutter. Each side runs in `--processes` child processes. `*_per_second` is by the clock, `*_per_cpu_second`
by the processor time of one process, which holds on a busy machine too; the ratio of those is what counts. Weights and
tables are loaded before the clock starts (about half a second of one process for all nine languages).
"""

from __future__ import annotations

import argparse
import html
import json
import multiprocessing
import resource
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "plugins"))

from dealwire.extract.gold import read_all  # noqa: E402
from dealwire.extract.local import extract  # noqa: E402
from dealwire.model import Article  # noqa: E402

GOLD = [ROOT / "tests" / "gold" / f"{name}.jsonl" for name in ("dev", "train_en", "train_intl")]
WORDS = 300
# What a news page carries beside its article: menus, teasers, related links, a consent box, scripts; about 100 KB.
CLUTTER = "<li><a href='/section'>Section of the paper</a></li>" * 60
TEASERS = "".join(
    f"<div class='teaser'><a href='/news/{number}'><h3>Another headline of the day, number {number}</h3></a>"
    "<p>Two lines that say what the other article is about and why somebody should click on it.</p></div>"
    for number in range(120)
)
SCRIPT = "<script>" + "window.dataLayer=window.dataLayer||[];" * 1200 + "</script>"


Run = tuple[float, float, int]


def texts(count: int) -> list[Article]:
    """Articles of about WORDS words (or 2 characters a word where words are not spaced)."""
    waiting: dict[str, list[Article]] = defaultdict(list)
    made: list[Article] = []
    pool = [one.article for one in read_all(GOLD)]
    for number in range(count * 4):
        article = pool[number % len(pool)]
        parts = waiting[article.lang or ""]
        parts.append(article)
        joined = "\n\n".join(part.text for part in parts)
        if max(len(joined.split()), len(joined) / 6) >= WORDS:
            first = parts[0]
            made.append(Article(f"{first.id}-{number}", first.title, joined, first.published, first.lang))
            parts.clear()
        if len(made) == count:
            break
    return made


def page(article: Article) -> str:
    body = "".join(f"<p>{html.escape(part)}</p>" for part in article.text.split("\n\n"))
    title = html.escape(article.title)
    return (
        f"<html><head><title>{title}</title>{SCRIPT}</head><body><nav><ul>{CLUTTER}</ul></nav><main><article><h1>{title}</h1>"
        f"{body}</article></main><aside>{TEASERS}</aside><footer><ul>{CLUTTER}</ul></footer></body></html>"
    )


def run_extract(articles: Sequence[Article]) -> Run:
    for first in {article.lang: article for article in articles}.values():
        extract(first)  # loads weights and the language's tables, once a process
    began, used = time.perf_counter(), time.process_time()
    for article in articles:
        extract(article)
    return time.perf_counter() - began, time.process_time() - used, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def run_trafilatura(articles: Sequence[Article]) -> Run:
    import trafilatura

    pages = [page(article) for article in articles]
    trafilatura.bare_extraction(pages[0])
    began, used = time.perf_counter(), time.process_time()
    for one in pages:
        trafilatura.bare_extraction(one)
    return time.perf_counter() - began, time.process_time() - used, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def rate(
    side: Callable[[Sequence[Article]], Run], articles: list[Article], processes: int
) -> tuple[float, float, float]:
    """Articles a second over all processes, articles a processor second, largest resident megabytes of one process."""
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        results = pool.map(side, [articles] * processes, chunksize=1)
    by_clock = sum(len(articles) / seconds for seconds, _, _ in results)
    by_processor = len(articles) * processes / sum(used for _, used, _ in results)
    return by_clock, by_processor, max(kilobytes for _, _, kilobytes in results) / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--articles", type=int, default=200)
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    articles = texts(options.articles)
    ours = rate(run_extract, articles, options.processes)
    theirs = rate(run_trafilatura, articles, options.processes)
    result = {
        "articles": len(articles),
        "processes": options.processes,
        "words": round(sum(max(len(a.text.split()), len(a.text) / 6) for a in articles) / len(articles)),
        "page_kb": round(sum(len(page(a)) for a in articles) / len(articles) / 1024),
        "extract_per_second": round(ours[0], 1),
        "trafilatura_per_second": round(theirs[0], 1),
        "extract_per_cpu_second": round(ours[1], 1),
        "trafilatura_per_cpu_second": round(theirs[1], 1),
        "ratio": round(ours[1] / theirs[1], 2),
        "extract_rss_mb": round(ours[2]),
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
