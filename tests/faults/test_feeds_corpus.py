"""feedparser's own test set, whole: an outcome for each file, its expectations met as often as by itself."""

from __future__ import annotations

import warnings
from collections import Counter

import pytest
from faults.feedparser_corpus import compare, samples

from dealwire.news.feed_parsing import read_by_feedparser
from dealwire.news.plain_feeds import read_plain
from dealwire.news.reading import Parsers


@pytest.mark.slow
@pytest.mark.fault("F5", "F6", "F22")
def test_feedparsers_own_test_set() -> None:
    found = list(samples())
    assert len(found) == 2_248
    with Parsers() as parsers:
        sources = [(one.body, one.headers.get("content-type"), one.headers.get("content-location")) for one in found]
        parsed = parsers.parse_feeds(sources)
    assert {feed.outcome for feed in parsed} <= {"ok", "truncated", "not_a_feed", "xml_entities_forbidden"}
    tally: Counter[str] = Counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # feedparser warns of its own old names
        lost = [line for one, feed in zip(found, parsed, strict=True) for line in compare(one, feed, tally)]
        for one in found:
            plain = read_plain(one.body, None)
            assert plain is None or plain == read_by_feedparser(one.body, None, None)[0], one.name
    for field in ("title", "link", "id", "published_parsed", "updated_parsed"):
        assert tally[f"{field} claims"] > 0
        assert tally[f"{field} dealwire"] >= tally[f"{field} feedparser"], lost
