"""Which entry is which, poll after poll. Pure.

A feed's own ids are good until they are not: missing, one for all items, new at every fetch, or moved with the site
from http to https. So an entry has a key by its feed's policy and aliases under which it would come again, and two
entries are one if the key or an alias of the new one is the key or an alias of a known one.

Keys are `g:` + guid, `l:` + link without scheme, `t:` + hash of title and date. The policy only ever moves on
(guid, link, title), never back, so a feed whose ids are good again is not doubled.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

from dealwire.feed_model import Entry, IdentifiedEntry
from dealwire.news.urls import canonical_url, is_root

POLICIES = ("guid", "link", "title")
MAX_KEY = 500
MIN_CONTENT = 100

_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*://(?:www\.)?", re.IGNORECASE)
_SCHEME_AND_HOST = re.compile(r"^[a-z][a-z0-9+.-]*://[^/?#]+", re.IGNORECASE)


def detect_policy(entries: Sequence[Entry], policy: str) -> str:
    """The policy from now on: the present one, or the next if its keys do not tell this poll's items apart."""
    position = POLICIES.index(policy)
    if position == 0 and _shared([(entry.id, entry) for entry in entries if entry.id]):
        position = 1
    if position == 1 and _shared([(entry.link, entry) for entry in entries if entry.link]):
        position = 2
    return POLICIES[position]


def _shared(named: list[tuple[str, Entry]]) -> bool:
    """Whether at least two items with different titles carry one name, and they are more than a stray pair in many."""
    titles: dict[str, set[str]] = {}
    for name, entry in named:
        titles.setdefault(name, set()).add(entry.title)
    doubled = sum(len(found) - 1 for found in titles.values())
    return doubled > 0 and (doubled >= 2 or len(named) <= 10)


def entry_keys(entries: Sequence[Entry], policy: str) -> list[IdentifiedEntry]:
    """Each entry with its key and aliases; keys are unique within the poll, and exact repetitions are dropped."""
    drafts = [(_candidates(entry), entry) for entry in entries]
    spread = _spread(drafts)
    found: dict[str, IdentifiedEntry] = {}
    for candidates, entry in drafts:
        key, aliases = _choose(candidates, policy, spread)
        digest = content_sha256(entry)
        if key in found:
            if found[key].content_sha256 == digest or found[key].entry.title == entry.title:
                continue
            key = f"{key[: MAX_KEY - 20]}#{_digest(entry.title)[:16]}"
        found.setdefault(key, IdentifiedEntry(key, aliases, digest, entry, is_retraction(entry.title)))
    return list(found.values())


def _candidates(entry: Entry) -> dict[str, str]:
    """Every name that this entry could go by."""
    names: dict[str, str] = {}
    if entry.id:
        names["guid"] = _short(f"g:{entry.id}")
        path = _SCHEME_AND_HOST.sub("", entry.id)
        if path != entry.id and len(path) >= 8:
            names["guid_path"] = _short(f"gp:{path}")
    link = canonical_url(entry.link) if entry.link else None
    if link:
        names["link"] = _short(f"l:{_SCHEME.sub('', link)}")
        path = _SCHEME_AND_HOST.sub("", link)
        if not is_root(link) and len(path) >= 12:
            names["link_path"] = _short(f"lp:{path}")
    title = entry.title.casefold().strip()
    if title:
        moment = entry.published_raw or (entry.published_at.isoformat() if entry.published_at else "")
        names["title"] = f"t:{_digest(title + chr(10) + moment)}"
        if len(entry.summary) >= MIN_CONTENT and entry.published_at:
            for name, bucket in _buckets(entry.published_at):
                names[name] = f"c:{_digest(title + chr(10) + entry.summary + chr(10) + bucket)}"
    return names


def _buckets(moment: datetime) -> Iterable[tuple[str, str]]:
    """Two overlapping four-day windows: dates within two days of each other share at least one."""
    day = moment.date().toordinal()
    return (("content_a", f"a{day // 4}"), ("content_b", f"b{(day + 2) // 4}"))


def _spread(drafts: Sequence[tuple[dict[str, str], Entry]]) -> Counter[str]:
    """How many different titles of this poll each name stands for."""
    titles: dict[str, set[str]] = {}
    for candidates, entry in drafts:
        for name in candidates.values():
            titles.setdefault(name, set()).add(entry.title)
    return Counter({name: len(found) for name, found in titles.items()})


def _choose(candidates: dict[str, str], policy: str, spread: Counter[str]) -> tuple[str, tuple[str, ...]]:
    order = [*POLICIES[POLICIES.index(policy) :], "link", "title", "guid"]
    key = next((candidates[name] for name in order if name in candidates), "t:" + _digest(""))
    first = POLICIES.index(policy)
    distrusted = {"guid", "guid_path"} if first >= 1 else set()
    distrusted |= {"link", "link_path"} if first >= 2 else set()
    aliases = [
        name for kind, name in candidates.items() if kind not in distrusted and spread[name] == 1 and name != key
    ]
    return key, tuple(dict.fromkeys(aliases))


def _short(name: str) -> str:
    return name if len(name) <= MAX_KEY else f"{name[:400]}#{_digest(name)}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def content_sha256(entry: Entry) -> str:
    """Changes when what the entry says changes: title, summary, full text. Not when links or dates move."""
    return _digest("\x1f".join((entry.title, entry.summary, entry.content_html or "")))


def select_for_poll(
    identified: Sequence[IdentifiedEntry], known_keys: frozenset[str], limit: int = 5_000
) -> tuple[list[IdentifiedEntry], int]:
    """The entries to store now and how many new ones are left for the next poll.

    Known entries are all kept (they may have been edited); of the new ones the newest `limit`.
    """
    known = [item for item in identified if names_of(item) & known_keys]
    fresh = [item for item in identified if not names_of(item) & known_keys]
    if len(fresh) > limit:
        dated = sorted(fresh, key=lambda item: item.entry.published_at.timestamp() if item.entry.published_at else 0.0)
        return known + dated[-limit:], len(fresh) - limit
    return known + fresh, 0


def names_of(item: IdentifiedEntry) -> frozenset[str]:
    """The key and the aliases: everything to look this entry up by."""
    return frozenset((item.key, *item.aliases))


def is_retraction(title: str) -> bool:
    """Whether the publisher withdraws by this title what it wrote: a mark before it, as in "RETRACTED: …"."""
    return _RETRACTED.match(title) is not None


# A mark needs its colon, bracket or dash: "Withdrawn bid …" and "Retirada de …" (a recall) are news. A correction
# ("Rectificatif") is an edit and takes nothing back.
_RETRACTED = re.compile(
    r"^\W{0,5}(?:retract(?:ed|ion)|withdrawn|annulée?|retiré[es]{0,2}|zurückgezogen|retractad[oa]|retirad[oa]|ritirat[oa]|"
    r"ingetrokken|撤回|取り消し|記事取り消し)(?:\s+(?:article|story|report|notice|meldung|artikel|artículo|articolo))?"
    r"\s*[\])}:：】〉》|–—-]",
    re.IGNORECASE,
)
