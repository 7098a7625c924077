from __future__ import annotations

import pytest

from dealwire.news.urls import absolute_url, canonical_url, is_root, same_site, site, url_sha256


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("HTTP://Example.COM:80/a?utm_source=x&b=2&a=1#part", "http://example.com/a?a=1&b=2"),
        ("//cdn.example.org/ü", "https://cdn.example.org/%C3%BC"),
        ("/story one", "https://base.example/story%20one"),
        ("http://münchen.example/", "http://xn--mnchen-3ya.example/"),
        ("https://www.google.com/url?rct=j&url=https://example.com/a%3Fb%3D1&ct=ga", "https://example.com/a?b=1"),
        ("https://example.com/a\n\tb", "https://example.com/ab"),
        ("https://example.com:8443/x?fbclid=1", "https://example.com:8443/x"),
        ("https://example.com./x", "https://example.com/x"),
    ],
)
def test_one_spelling_per_address(url: str, expected: str) -> None:
    assert canonical_url(url, "https://base.example/feed/") == expected


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)", "data:text/html,x", "ftp://example.com/", "http://user:pw@example.com/", "http://",
        "http://exa mple.com/", "http://[::1", "http://a..b/", "https://example.com/" + "x" * 2_100, "http://a%00.b/",
    ],
)  # fmt: skip
def test_what_leads_nowhere_we_go_is_none(url: str) -> None:
    assert canonical_url(url) is None


def test_canonical_is_stable() -> None:
    once = canonical_url("https://Example.com/a%2fb?z=1&y=%20&utm_medium=rss")
    assert once is not None
    assert canonical_url(once) == once


def test_the_query_stays_as_it_is_for_fetching() -> None:
    assert absolute_url("https://e.com/?b=2&utm_source=x&a=1") == "https://e.com/?b=2&utm_source=x&a=1"


def test_sites_are_registrable_domains() -> None:
    assert same_site("https://news.example.co.uk/", "http://example.co.uk/x")
    assert not same_site("https://one.co.uk/", "https://two.co.uk/")
    assert not same_site("https://alice.github.io/", "https://bob.github.io/")
    assert not same_site("http://127.0.0.1:8001/", "http://127.0.0.1:8002/")
    assert site("not a url") is None


def test_root_and_hash() -> None:
    assert is_root("https://e.com/") and not is_root("https://e.com/?p=1")
    assert len(url_sha256("https://e.com/\udcff")) == 64
