"""The headline of a page: what its JSON-LD says, its h1 where the page calls itself so too, without the site's name."""

from __future__ import annotations

import re
from collections.abc import Mapping

from lxml import etree

from dealwire.news.clean_text import letters
from dealwire.news.html_text import plain_line
from dealwire.news.urls import site

MAX_TITLE = 1_000
MOST_HEADINGS = 5

_TITLE_METAS = ("og:title", "twitter:title", "parsely-title", "dc.title")
_SEPARATORS = re.compile(r"\s+[|–—·»•:-]\s+|\s*[|｜]\s*|_(?=[^_]{1,20}$)|-(?=[^-\x00-\x7f]{1,20}$)")


def headings(tree: etree._Element) -> list[str]:
    """The first h1 elements' texts."""
    found = []
    for element in tree.iter("h1"):
        text = plain_line(" ".join(str(piece) for piece in element.itertext()), MAX_TITLE)
        if text:
            found.append(text)
        if len(found) == MOST_HEADINGS:
            break
    return found


def title_of(
    tree: etree._Element, metas: Mapping[str, str], headline: str, site_name: str | None, url: str | None
) -> str | None:
    """The page's title. `headline` is the JSON-LD's, which comes first unless it was cut."""
    whole = next(tree.iter("title"), None)
    named = plain_line("".join(str(piece) for piece in whole.itertext()), MAX_TITLE) if whole is not None else ""
    declared = next((plain_line(metas[name], MAX_TITLE) for name in _TITLE_METAS if name in metas), "")
    declared = without_site(declared, site_name, url)
    heading = _own_heading(headings(tree), headline or declared or named, site_name)
    if headline:
        was_cut = headline.endswith(("…", "..."))
        longer = [text for text in (heading, declared) if was_cut and text.startswith(headline.rstrip("…. "))]
        return longer[0] if longer else headline if headline == heading else without_site(headline, site_name, url)
    if heading and (not declared or alike(heading, declared)) and len(heading) > 10:
        return heading
    return declared or heading or without_site(named, site_name, url) or None


def _own_heading(found: list[str], called: str, site_name: str | None) -> str:
    """Of a page's h1 elements the one that says what the page calls itself; a logo is often one too."""
    fitting = [text for text in found if called and alike(text, called)]
    others = [text for text in found if not site_name or letters(text) != letters(site_name)]
    return (max(fitting, key=len) if fitting else "") or next(iter(others), "")


def alike(a: str, b: str) -> bool:
    """Whether two titles say the same: most words of the shorter one are in both, or one is within the other."""
    first, second = set(re.findall(r"\w+", a.lower())), set(re.findall(r"\w+", b.lower()))
    if first and second and len(first & second) >= 0.6 * min(len(first), len(second)):
        return True
    short, long = sorted((letters(a), letters(b)), key=len)
    return len(short) > 5 and short in long


def without_site(title: str, site_name: str | None, url: str | None = None) -> str:
    """The title without the site's name before or behind it, as the page names it or as its address does."""
    prefix, colon, rest = title.partition(": ")
    if colon and len(rest) > 20 and _is_site(prefix, site_name, url):
        return rest
    parts = [part for part in _SEPARATORS.split(title) if part]
    if len(parts) < 2:
        return title
    for edge in (-1, 0):
        named = site_name and alike(parts[edge], site_name) and len(parts[edge]) <= len(site_name) + 15
        if named or (edge == -1 and _is_site(parts[edge], site_name, url)):
            cut = title[: title.rindex(parts[-1])] if edge else title[title.index(parts[1]) :]
            return _longest(re.sub(r"[\s|｜–—·»•:_-]+$", "", cut))
    return _longest(title)


def _longest(title: str) -> str:
    """Of a title with bars the part that is one: sections and sites are shorter."""
    longest = max(re.split(r"\s*\|\s*", title), key=len)
    return longest if len(longest) > 20 else title


def _is_site(part: str, site_name: str | None, url: str | None) -> bool:
    said = letters(part)
    if site_name and said == letters(site_name):
        return True
    found = (site(url) or "").removeprefix("www.") if url else ""
    label = letters(found.partition(".")[0])
    return (
        len(label) >= 3 and len(part) <= 40 and (said.startswith(label) or (len(said) >= 4 and label.startswith(said)))
    )
