"""The fast reader against feedparser: whatever it reads, it reads the same."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dealwire.news.feed_parsing import read_by_feedparser
from dealwire.news.plain_feeds import read_plain

NAMES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:atom="http://www.w3.org/2005/Atom" xmlns:slash="http://purl.org/rss/1.0/modules/slash/" '
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns:fb="http://rssnamespace.org/feedburner/ext/1.0"'
)
ITEM = (
    "<title>Plain title</title>", "<title> A &amp; B &lt;b&gt;bold&lt;/b&gt; </title>",
    "<title><![CDATA[In <i>CDATA</i>]]></title>",
    "<title>CafÃ© Ã¼ber</title>", "<title>Café über</title>", "<title>Windows &#146;quote&#150;</title>", "<title/>",
    "<title>with <b>markup</b></title>", '<title type="html">typed</title>', "<media:title>Media</media:title>",
    "<link>https://e.example/1?a=1&amp;b=2&amp;amp;c=3</link>", "<link>/relative</link>", "<link/>",
    '<link href="https://e.example/atomish"/>', "<guid>https://e.example/?p=1</guid>", "<guid>bare</guid>",
    '<guid isPermaLink="false">bare</guid>', '<guid isPermaLink="true">https://e.example/g</guid>',
    '<guid isPermaLink="FALSE">odd</guid>', "<description>Short</description>",
    "<description>&lt;p&gt;x&lt;/p&gt;</description>",
    "<description><p>real markup</p></description>", "<content:encoded><![CDATA[<p>Long text</p>]]></content:encoded>",
    "<content:encoded>plain content that is longer</content:encoded>",
    "<pubDate>Mon, 03 Nov 2025 14:05:00 GMT</pubDate>",
    "<dc:date>2025-11-03T14:05:00Z</dc:date>", "<dc:creator>A. Writer</dc:creator>",
    "<dc:creator>B. Writer</dc:creator>",
    "<author>mail@e.example (C. Writer)</author>", "<author>mail@e.example</author>", "<author>D. Writer</author>",
    "<category>c</category>", "<comments>https://e.example/c</comments>", "<slash:comments>3</slash:comments>",
    '<enclosure url="https://e.example/a.mp3" type="audio/mpeg" length="1"/>', "<dc:title>DC title</dc:title>",
    '<source url="https://s.example/">S</source>', "<summary>no-namespace summary</summary>",
    "<updated>2025-11-03</updated>",
    "<dc:subject>s</dc:subject>", "<fb:origLink>https://e.example/orig</fb:origLink>", "<!-- comment -->",
    "<unknown>u</unknown>",
    '<atom:link rel="alternate" href="https://e.example/alt"/>', "<media:description>md</media:description>", "\n  ",
)  # fmt: skip
CHANNEL = (
    "<title>Paper</title>", "<title>Twice</title>", "<link>https://e.example/</link>", "<description>d</description>",
    "<language>fr-FR</language>", '<atom:link rel="self" href="https://e.example/feed"/>',
    "<image><title>I</title></image>",
    '<atom:link rel="alternate" href="https://e.example/alt"/>', "<ttl>60</ttl>",
    "<managingEditor>a@e.example</managingEditor>",
    "<dc:language>de</dc:language>", "<pubDate>Mon, 03 Nov 2025 14:05:00 GMT</pubDate>",
    "<item><title>x</title></item>",
)  # fmt: skip
ENTRY = (
    "<title>Plain</title>", '<title type="html">A &amp;amp; B</title>', '<title type="xhtml"><div>d</div></title>',
    "<id>urn:uuid:1</id>", "<id>https://e.example/1</id>", "<id>bare</id>", '<link href="https://e.example/1"/>',
    '<link rel="alternate" type="text/html" href="https://e.example/2"/>',
    '<link rel="self" href="https://e.example/s"/>',
    '<link rel="enclosure" href="https://e.example/e"/>', '<link href="/relative"/>',
    "<published>2025-11-03T14:05:00Z</published>",
    "<updated>2025-11-04T14:05:00Z</updated>",
    "<summary>Short</summary>", '<summary type="html">&lt;p&gt;s&lt;/p&gt;</summary>',
    '<content type="html">&lt;p&gt;long content&lt;/p&gt;</content>', '<content type="xhtml"><div>x</div></content>',
    '<content src="https://e.example/c"/>', "<content>plain</content>", "<author><name>A</name></author>",
    "<author><name>B</name><email>b@e.example</email></author>", "<author><email>c@e.example</email></author>",
    '<category term="t"/>', "<rights>r</rights>", "<issued>2025-01-01</issued>", "<source><title>S</title></source>",
)  # fmt: skip


def same(body: bytes) -> bool:
    """Whether the fast reader read it; fails if it read it otherwise than feedparser."""
    plain = read_plain(body, None)
    if plain is None:
        return False
    reference, _, _ = read_by_feedparser(body, None, None)
    assert plain == reference
    return True


@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.lists(st.sampled_from(ITEM), max_size=9), max_size=3), st.lists(st.sampled_from(CHANNEL), max_size=5)
)
def test_rss_is_read_as_by_feedparser(items: list[list[str]], channel: list[str]) -> None:
    inner = "".join(channel) + "".join(f"<item>{''.join(children)}</item>" for children in items)
    same(f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0" {NAMES}><channel>{inner}</channel></rss>'.encode())


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.lists(st.sampled_from(ENTRY), max_size=8), max_size=3),
    st.sampled_from(["", ' xml:lang="de"', ' xml:base="/x"']),
)
def test_atom_is_read_as_by_feedparser(entries: list[list[str]], attribute: str) -> None:
    inner = "<title>T</title>" + "".join(f"<entry>{''.join(children)}</entry>" for children in entries)
    same(f'<feed xmlns="http://www.w3.org/2005/Atom"{attribute}>{inner}</feed>'.encode())


@pytest.mark.parametrize("numbers", [(0, 10, 14, 19, 22, 24, 26, 31, 33), (2, 10, 16, 23, 19, 25), (4, 14, 20)])
def test_what_feeds_usually_look_like_is_read_fast(numbers: tuple[int, ...]) -> None:
    inner = "<title>Paper</title><link>https://e.example/</link><description>d</description>" + CHANNEL[5]
    item = f"<item>{''.join(ITEM[number] for number in numbers)}</item>"
    assert same(f'<rss version="2.0" {NAMES}><channel>{inner}{item * 3}</channel></rss>'.encode())
    entry = f"<entry>{''.join(ENTRY[number] for number in (1, 3, 6, 8, 11, 12, 13, 15, 19, 22))}</entry>"
    assert same(f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>T</title>{entry * 2}</feed>'.encode())
