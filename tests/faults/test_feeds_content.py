"""F1-F7, F12-F14, F19, F22: hostile, broken and odd feeds."""

from __future__ import annotations

import json
import os
import socket
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from faults.hostile_server import HostileServer, rss
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dealwire.news.clean_text import clean
from dealwire.news.feed_parsing import parse_feed
from dealwire.news.near_duplicates import signature
from dealwire.news.reading import Parsers
from dealwire.news.sandbox import Document, Limits, Sandbox

TESTS = str(Path(__file__).parents[1])
SMALL = Limits(cpu_seconds=2, wall_seconds=3)


@pytest.fixture(scope="module")
def parsers() -> Iterator[Parsers]:
    with Parsers(workers=1) as started:
        yield started


def item(inner: str = "", title: str = "One") -> bytes:
    return (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>T</title><item><title>{title}</title>'
        f"<link>https://paper.example.com/1</link>{inner}</item></channel></rss>"
    ).encode()


def with_doctype(declarations: str, title: str, encoding: str = "utf-8") -> bytes:
    head = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE rss [{declarations}]>'
    body = f'<rss version="2.0"><channel><item><title>{title}</title></item></channel></rss>'
    return (head + body).encode(encoding)


def chained(count: int) -> str:
    return '<!ENTITY e0 "x">' + "".join(f'<!ENTITY e{n} "&e{n - 1};">' for n in range(1, count))


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


@pytest.mark.fault("F1")
@pytest.mark.parametrize(
    ("declarations", "title"),
    [
        (chained(30_000), "&e29999;"),
        ('<!ENTITY l0 "lol">' + LAUGHS, "&l9;"),
        (f'<!ENTITY big "{"a" * 100_000}">', "&big;" * 10_000),
        ('<!ENTITY a "&b;"><!ENTITY b "&a;">', "&a;"),
        ('<!ENTITY % p "x"><!ENTITY a "%p;">', "&a;"),
        ("".join(f'<!ENTITY n{n} "x">' for n in range(1_000)), "x"),
    ],
    ids=["chained", "laughs", "quadratic", "cyclic", "parameter", "many"],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entity_bombs_are_refused_before_any_parser(declarations: str, title: str, encoding: str) -> None:
    began = time.process_time()
    parsed = parse_feed(with_doctype(declarations, title, encoding))
    assert (parsed.outcome, parsed.entries) == ("xml_entities_forbidden", ())
    assert time.process_time() - began < 1.0


@pytest.mark.fault("F1")
def test_what_gets_past_the_scan_is_contained_in_the_child(parsers: Parsers) -> None:
    """EBCDIC with a doctype, UTF-7: whatever happens, the next document is parsed."""
    odd = with_doctype(chained(30_000), "&e29999;", "cp037")
    seven = with_doctype(chained(30_000), "&e29999;", "utf-7")
    bad, worse, good = parsers.parse_feeds([(odd, None, None), (seven, None, None), (rss("Fine"), None, None)])
    assert bad.outcome == worse.outcome == "xml_entities_forbidden"
    assert [entry.title for entry in good.entries] == ["Fine"]


@pytest.mark.fault("F1")
def test_plain_entities_are_read() -> None:
    parsed = parse_feed(with_doctype('<!ENTITY eacute "&#233;"><!ENTITY co "Made-up Company">', "Caf&eacute; &co;"))
    assert [entry.title for entry in parsed.entries] == ["Café Made-up Company"]


@pytest.mark.fault("F2")
def test_nothing_outside_is_opened(tmp_path: Path) -> None:
    canary = tmp_path / "canary.txt"
    canary.write_text("CANARY")
    with HostileServer() as server:
        for system in (canary.as_uri(), server.url("/x.dtd"), str(canary)):
            for declaration in (f'<!ENTITY x SYSTEM "{system}">', f'<!ENTITY % x SYSTEM "{system}"> %x;'):
                parsed = parse_feed(with_doctype(declaration, "&x;"))
                assert (parsed.outcome, parsed.entries) == ("xml_entities_forbidden", ())
            external = f'<!DOCTYPE rss SYSTEM "{system}"><rss><channel><item><title>One</title></item></channel></rss>'
            assert [entry.title for entry in parse_feed(external.encode()).entries] == ["One"]
            xinclude = f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{system}"/>'
            included = item(f"<description>{xinclude}</description>")
            assert "CANARY" not in repr(parse_feed(included))
        assert server.connections == 0


@pytest.mark.fault("F3")
def test_the_old_netscape_doctype_is_harmless() -> None:
    name = "-//Netscape Communications//DTD RSS 0.91//EN"
    doctype = f'<!DOCTYPE rss PUBLIC "{name}" "http://my.netscape.com/publish/formats/rss-0.91.dtd">'
    body = f'<?xml version="1.0"?>{doctype}<rss version="0.91"><channel><item><title>One</title></item></channel></rss>'
    parsed = parse_feed(body.encode())
    assert (parsed.outcome, [entry.title for entry in parsed.entries]) == ("ok", ["One"])


@pytest.mark.fault("F4")
@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("crashing", "parser_crash"), ("hanging", "parser_timeout"), ("spinning", "parser_timeout"),
        ("hoarding", "parser_memory"), ("raising", "parser_crash"), ("recursing", "parser_crash"),
    ],
)  # fmt: skip
def test_a_parser_that_fails_takes_one_document_with_it(name: str, fault: str) -> None:
    limits = Limits(cpu_seconds=1, wall_seconds=1) if fault == "parser_timeout" else SMALL
    with Sandbox(limits, workers=1, path=[TESTS]) as sandbox:
        verdict = sandbox.run(f"faults.misbehaving_parsers:{name}", Document(b"x"))
        assert (verdict.result, verdict.fault) == (None, fault)
        after = sandbox.run("faults.misbehaving_parsers:printing", Document(b"12345"))
        assert (after.result, after.fault) == (5, None)


@pytest.mark.fault("F4")
def test_children_know_no_secret_and_leave_nothing_running(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://secret")
    sandbox = Sandbox(SMALL, workers=1, path=[TESTS])
    names = sandbox.run("faults.misbehaving_parsers:spying", Document(b"")).result
    assert "DATABASE_URL" not in names
    (child,) = sandbox._children
    assert child._process is not None
    pid = child._process.pid
    sandbox.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


@pytest.mark.fault("F4")
def test_many_threads_share_the_children(parsers: Parsers) -> None:
    found: list[str] = []

    def work() -> None:
        found.extend(
            entry.title for feed in parsers.parse_feeds([(rss("One"), None, None)] * 5) for entry in feed.entries
        )

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == ["One"] * 20


@pytest.mark.fault("F5")
@pytest.mark.parametrize(
    "inner",
    [
        "<description>AT&T and R&D</description>", "<undeclared:creator>N</undeclared:creator>",
        "<description>a\x0bb</description>",
        "<description>line<br>break</description>", "<description><b>bold</description>",
        "<description>&eacute;&nbsp;</description>",
        "<description>&#0;&#xFFFF;</description>", "<link/><link></link>",
    ],
)  # fmt: skip
def test_ill_formed_is_read_loosely_and_said(inner: str) -> None:
    parsed = parse_feed(item(inner))
    assert (parsed.outcome, [entry.title for entry in parsed.entries]) == ("ok", ["One"])
    if inner != "<link/><link></link>":
        assert (parsed.detail or "").startswith("ill-formed")


@pytest.mark.fault("F6")
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-7", "cp037"]
)
@pytest.mark.parametrize("declared", ["right", "none"])
def test_wide_and_odd_encodings(encoding: str, declared: str) -> None:
    if declared == "none" and encoding == "utf-7":
        return  # cannot be told from ASCII
    named = f' encoding="{encoding.removesuffix("-sig")}"' if declared == "right" else ""
    head = f'<?xml version="1.0"{named}?>'
    body = f"{head}<rss version='2.0'><channel><item><title>Café über Straße</title></item></channel></rss>"
    assert [entry.title for entry in parse_feed(body.encode(encoding)).entries] == ["Café über Straße"]


@pytest.mark.fault("F6")
@pytest.mark.parametrize(
    ("declared", "header", "used"),
    [
        ("utf-8", "text/xml; charset=iso-8859-1", "utf-8"),
        ("iso-8859-1", "application/rss+xml; charset=utf-8", "utf-8"),
        ("utf-8", "application/rss+xml", "iso-8859-1"), ("windows-1252", "text/html", "windows-1252"),
        ("koi8-r", "application/xml", "koi8-r"), ("shift_jis", "application/xml", "shift_jis"),
        ("no-such", "text/xml", "utf-8"),
        ("us-ascii", "text/plain", "utf-8"), ("utf-16", "application/xml", "utf-8"),
    ],
)  # fmt: skip
def test_contradicting_encodings_never_raise(declared: str, header: str, used: str) -> None:
    title = {"koi8-r": "Договор", "shift_jis": "契約"}.get(used, "Café")
    head = f'<?xml version="1.0" encoding="{declared}"?>'
    body = f'{head}<rss version="2.0"><channel><item><title>{title}</title></item></channel></rss>'
    parsed = parse_feed(body.encode(used), content_type=header)
    assert len(parsed.entries) == 1
    if declared == used:
        assert parsed.entries[0].title == title


@pytest.mark.fault("F6", "F5")
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.binary(max_size=300),
    st.sampled_from([b"<rss><channel><item><title>", b"<feed><entry>", b"{", b"\xff\xfe<", b""]),
)
def test_any_bytes_end_in_an_outcome(noise: bytes, start: bytes) -> None:
    parsed = parse_feed(start + noise)
    assert parsed.outcome
    json.dumps([entry.title for entry in parsed.entries]).encode()


@pytest.mark.fault("F7")
def test_titles_are_storable_and_cannot_turn_round() -> None:
    parsed = parse_feed(item(title="Deal \u202eteg\u202c &#x202e;now\u2066 \x00\x85 a" + "\u0301" * 200 + "\ufdd0"))
    (entry,) = parsed.entries
    assert not set(entry.title) & set("\u202e\u202c\u2066\x00\ufdd0")
    assert len(entry.title) < 40
    entry.title.encode("utf-8")


@pytest.mark.fault("F7")
@settings(max_examples=100, deadline=None)
@given(st.text(st.characters(), max_size=120))
def test_whatever_text_comes_is_safe_after_cleaning(text: str) -> None:
    cleaned = clean(text, 200)
    assert "\x00" not in cleaned
    assert cleaned.encode("utf-8").decode("utf-8") == cleaned
    signature(cleaned)


@pytest.mark.fault("F12")
@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("Mon, 03 Nov 2025 19:35:00 IST", "2025-11-03T14:05:00+00:00"),
        ("Mon, 03 Nov 2025 06:05:00 PST", "2025-11-03T14:05:00+00:00"),
        ("1762178700", "2025-11-03T14:05:00+00:00"), ("2016/6/29 15:07:41", "2016-06-29T15:07:41+00:00"),
        ("01/02/2024", None), ("0000-01-01", None), ("Mon, 03 Nov 2999 14:05:00 GMT", None), ("", None),
        ("Mon, 03 Nov 2025 14:05:00 +2500", None), ("Fri, 31 Dec 1993 10:00:00 GMT", None),
        ("2025-11-06T00:00:00Z", None),
    ],
)  # fmt: skip
def test_dates_are_right_or_none_with_a_flag(raw: str, expected: str | None) -> None:
    (entry,) = parse_feed(item(f"<pubDate>{raw}</pubDate>"), now=datetime(2025, 11, 4, tzinfo=UTC)).entries
    assert (entry.published_at.isoformat() if entry.published_at else None) == expected
    assert (entry.published_raw or "") == raw
    assert expected or not raw or any(flag.startswith("date_") for flag in entry.flags)


@pytest.mark.fault("F13")
@pytest.mark.parametrize(
    ("link", "expected", "flag"),
    [
        ("/news/1", "https://paper.example.com/news/1", ""), ("//cdn.example.org/1", "https://cdn.example.org/1", ""),
        ("news 1", "https://paper.example.com/feeds/news%201", ""), ("javascript:alert(1)", None, "link_not_http"),
        ("jav&#x09;ascript:alert(1)", None, "link_not_http"), ("data:text/html,x", None, "link_not_http"),
        ("ftp://paper.example.com/1", None, "link_not_http"),
        ("https://paper.example.com/" + "x" * 10_000, None, "link_too_long"),
        ("", None, "link_missing"), ("http://user:pw@paper.example.com/", None, "link_not_http"),
    ],
)  # fmt: skip
def test_links_are_absolute_http_or_none(link: str, expected: str | None, flag: str) -> None:
    body = f"<rss version='2.0'><channel><item><title>One</title><link>{link}</link></item></channel></rss>"
    (entry,) = parse_feed(body.encode(), url="https://paper.example.com/feeds/all.xml").entries
    assert entry.link == expected
    assert not flag or flag in entry.flags


@pytest.mark.fault("F13")
def test_xml_base_counts() -> None:
    body = b"""<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://a.example.com/x/"><entry xml:base="y/">
    <title>One</title><link href="1"/></entry></feed>"""
    assert parse_feed(body, url="https://z.example.com/").entries[0].link == "https://a.example.com/x/y/1"


@pytest.mark.fault("F14")
def test_too_large_a_feed_is_named_and_the_limit_can_be_raised() -> None:
    body = rss(*(f"Item {number}" for number in range(500)))
    assert parse_feed(body, max_bytes=len(body) - 1).outcome == "too_large"
    assert len(parse_feed(body, max_bytes=len(body)).entries) == 500


@pytest.mark.fault("F19")
def test_absurd_fields_are_cut_and_flagged() -> None:
    inner = (
        f"<author>{'a' * 300_000}</author>"
        f"<dc:creator xmlns:dc='http://purl.org/dc/elements/1.1/'><![CDATA[{'b@' * 100_000}]]></dc:creator>"
        + "".join(f"<category>c{number}</category>" for number in range(5_000))
    )
    began = time.process_time()
    (entry,) = parse_feed(item(inner, title="t" * 3_000_000)).entries
    assert time.process_time() - began < 5.0
    assert len(entry.title) == 1_000
    assert all(len(author) <= 500 for author in entry.authors)
    assert {"title_cut", "authors_cut"} <= set(entry.flags)


JSON_FEED = json.dumps({"version": "https://jsonfeed.org/version/1", "items": [{"id": "1", "title": "One"}]})
SITEMAP = (
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>https://e.example/</loc></url></urlset>'
)
RDF = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
    "<item><title>One</title></item></rdf:RDF>"
)


@pytest.mark.fault("F22")
@pytest.mark.parametrize(
    ("body", "outcome", "titles"),
    [
        (JSON_FEED, "ok", ["One"]),
        (RDF, "ok", ["One"]),
        ('<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry><title>One</title></entry></feed>',
        "ok", ["One"]),
        ('<opml version="2.0"><body/></opml>', "not_a_feed", []),
        ('{"items": []}', "not_a_feed", []),
        (SITEMAP, "not_a_feed", []),
        ("[" * 100_000, "not_a_feed", []),
        ("   ", "empty", []),
    ],
    ids=["json", "rdf", "atom 0.3", "opml", "other json", "sitemap", "deep json", "blank"],
)  # fmt: skip
def test_every_format_or_its_name(body: str, outcome: str, titles: list[str]) -> None:
    parsed = parse_feed(body.encode())
    assert (parsed.outcome, [entry.title for entry in parsed.entries]) == (outcome, titles)
    assert parsed.outcome == "ok" or parsed.detail


def test_no_socket_is_needed_to_parse(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object, **names: object) -> socket.socket:
        raise AssertionError("a parser opened a socket")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    assert parse_feed(rss("One"), url="https://paper.example.com/").outcome == "ok"


@pytest.mark.fault("F4")
def test_a_child_of_a_large_parent_is_used_again() -> None:
    ballast = bytearray(700 * 2**20)  # a child's ru_maxrss begins at its parent's, which says nothing of the child
    ballast[:: 2**12] = b"x" * len(ballast[:: 2**12])
    with Sandbox(SMALL, workers=1, path=[TESTS]) as sandbox:
        sandbox.run("faults.misbehaving_parsers:spying", Document(b""))
        (child,) = sandbox._children
        assert child._process is not None
