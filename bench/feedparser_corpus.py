"""feedparser's own test set through our parsers: no crash, no hang, an outcome for each, and the expectations met.

    bench/feedparser_corpus.py [--lost]

Downloads feedparser's source distribution once (pinned by hash). `--lost` names each expectation about a title, link,
id or date that feedparser meets and we do not.
"""

from __future__ import annotations

import sys
import time
import warnings
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "plugins"), str(ROOT / "tests")]

from faults.feedparser_corpus import compare, samples  # noqa: E402

from dealwire.news.plain_feeds import read_plain  # noqa: E402
from dealwire.news.reading import Parsers  # noqa: E402


def main() -> None:
    warnings.simplefilter("ignore")
    found = list(samples())
    began = time.perf_counter()
    with Parsers() as parsers:
        sources = [(one.body, one.headers.get("content-type"), one.headers.get("content-location")) for one in found]
        parsed = parsers.parse_feeds(sources)
    seconds = time.perf_counter() - began
    print(
        f"{len(found)} files in {seconds:.1f} s; outcomes: {dict(Counter(one.outcome for one in parsed).most_common())}"
    )
    print(f"read without feedparser: {sum(read_plain(one.body, None) is not None for one in found)}")
    tally: Counter[str] = Counter()
    lost = [line for one, feed in zip(found, parsed, strict=True) for line in compare(one, feed, tally)]
    for field in ("title", "link", "id", "published_parsed", "updated_parsed"):
        counts = [tally[f"{field} {name}"] for name in ("claims", "feedparser", "dealwire")]
        print("{:18} claims {:4}   met by feedparser {:4}   met by dealwire {:4}".format(field, *counts))
    if "--lost" in sys.argv:
        print("\n".join(lost))


if __name__ == "__main__":
    main()
