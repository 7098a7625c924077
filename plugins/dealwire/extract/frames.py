"""Who does what to whom: deal verbs and nouns with the organisations that stand in their slots.

`frames/<code>.toml` lists the words of a language. A sentence is not parsed: the nearest organisations left and right
of a word, the prepositions (or particles) that touch them and the word's form decide. What comes out are votes, which
the scorers weigh; no decision is made here.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from dealwire.extract.frame_slots import SLOTS, FrameHit, Named, Script, votes_of
from dealwire.extract.layout import Floats, Layout
from dealwire.extract.lexicon import Lexicon
from dealwire.extract.reading import locate
from dealwire.extract.text import READ_LIMIT
from dealwire.model import ROLES, Role

FOLDER = Path(__file__).parent / "frames"
FORMS = ("verb", "participle", "final", "noun", "agent", "list")
RANK_OF_FORM = {form: rank for rank, form in enumerate(("list", "final", "participle", "verb", "noun", "agent"))}
ROLE_AT = {role: number for number, role in enumerate(ROLES)}
MOST_HITS = 150  # in one article; what has more is no news
VERBS = ("verb", "participle")
VERB_FINAL = frozenset({"de", "nl", "ja"})
JOINED = frozenset({"ja", "zh"})


@dataclass(frozen=True)
class FrameTable:
    code: str
    words: Lexicon
    prepositions: Mapping[str, frozenset[str]]
    particles: tuple[tuple[str, str], ...]
    articles: frozenset[str]
    script: Script


@dataclass(frozen=True, slots=True)
class Frame:
    """One word with its filled slots: (organisation, role, how sure), and the weight of its sentence."""

    sentence: int
    frame: str
    votes: tuple[tuple[int, Role, float], ...]


@lru_cache(maxsize=16)
def load_frames(code: str) -> FrameTable:
    path = FOLDER / f"{code}.toml"
    own = tomllib.loads((path if path.exists() else FOLDER / "en.toml").read_text(encoding="utf-8"))
    joined = code in JOINED
    entries = [
        (phrase, f"{frame}.{form}", None)
        for frame in SLOTS
        for form in FORMS
        for phrase in own.get(frame, {}).get(form, ())
    ]
    prepositions: dict[str, set[str]] = {}
    for slot, listed in own.get("prepositions", {}).items():
        for word in listed:
            prepositions.setdefault(word, set()).add(slot)
    particles = sorted(
        ((word, slot) for slot, listed in own.get("particles", {}).items() for word in listed),
        key=lambda pair: -len(pair[0]),
    )
    return FrameTable(
        code,
        Lexicon(entries, joined=joined),
        {word: frozenset(slots) for word, slots in prepositions.items()},
        tuple(particles),
        frozenset(own["articles"]),
        Script(bool(particles), joined, code in VERB_FINAL),
    )


def find_frames(body: str, table: FrameTable) -> list[FrameHit]:
    """Words by start; one inside a longer one counts only there ("takes a stake" is no taking of a stake)."""
    best: dict[tuple[int, int, str], str] = {}
    for hit in table.words.find(body[:READ_LIMIT]):
        frame, _, form = hit.kind.partition(".")
        key = (hit.start, hit.end, frame)
        if key not in best or RANK_OF_FORM[form] < RANK_OF_FORM[best[key]]:
            best[key] = form
    found: list[FrameHit] = []
    reach, last = -1, (-1, -1)
    for start, end, frame in sorted(best, key=lambda key: (key[0], -key[1], key[2])):
        if end <= reach and (start, end) != last:
            continue
        reach, last = max(reach, end), (start, end)
        found.append(FrameHit(start, end, frame, best[start, end, frame]))
    return found[:MOST_HITS]


def frames_of(layout: Layout) -> list[Frame]:
    reading = layout.reading
    table = load_frames(reading.language.code)
    body = reading.article.body
    hits = find_frames(body, table)
    if not hits or not reading.entities:
        return []
    named = _named(layout, table, body)
    by_sentence: dict[int, list[FrameHit]] = {}
    for hit, sentence in zip(hits, locate(hits, [one.start for one in reading.sentences]), strict=True):
        by_sentence.setdefault(sentence, []).append(hit)
    found = []
    for sentence, here in by_sentence.items():
        for place, hit in enumerate(here if named[sentence] else ()):
            votes = tuple(votes_of(hit, named[sentence], _next_verb(here, place), table.script, body))
            if votes:
                found.append(Frame(sentence, hit.frame, votes))
    return found


def _next_verb(hits: list[FrameHit], place: int) -> int:
    """Where the next verb begins: what stands behind it is its own."""
    later = (one.start for one in hits[place + 1 :] if one.form in VERBS and one.start > hits[place].end)
    return next(later, READ_LIMIT * 2)


def _named(layout: Layout, table: FrameTable, body: str) -> list[list[Named]]:
    rows: list[list[Named]] = [[] for _ in range(layout.count)]
    for number, entity in enumerate(layout.reading.entities):
        for mention, sentence in zip(entity.mentions, entity.sentence_of, strict=True):
            if mention.modifier:
                continue
            possessive = body[mention.end : mention.end + 2] in ("'s", "’s", "s'", "s’") or body[
                mention.end : mention.end + 1
            ] in ("'", "’")
            governed = _governed(mention.start, mention.end, table, body)
            rows[sentence].append(Named(mention.start, mention.end, number, governed, possessive))
    for row in rows:
        row.sort()
    return rows


def _governed(start: int, end: int, table: FrameTable, body: str) -> frozenset[str]:
    if table.particles:
        after = body[end : end + 6].lstrip("」』）)社 ")
        return frozenset(slot for word, slot in table.particles if after.startswith(word))
    if table.script.joined:
        before = body[max(0, start - 3) : start]
        return frozenset().union(*(slots for word, slots in table.prepositions.items() if before.endswith(word)))
    words = re.split(r"[\s'’]+", body[max(0, start - 40) : start].lower())
    found: frozenset[str] = frozenset()
    if body[start - 1 : start] not in (" ", "'", "’", "\n", "\u00a0", "«", '"', "“", "„"):
        return found
    for word in reversed([w for w in words if w][-3:]):
        if word in table.prepositions:
            found |= table.prepositions[word]
            break
        if word not in table.articles:
            break
    return found


def vote_table(frames: list[Frame], layout: Layout) -> Floats:
    """(organisation, role, [heaviest, sum]): by the weight of the sentences."""
    votes = np.zeros((len(layout.reading.entities), len(ROLES), 2))
    for frame in frames:
        weight = float(layout.weight[frame.sentence])
        for number, role, strength in frame.votes:
            cell = votes[number, ROLE_AT[role]]
            cell[0] = max(cell[0], weight * strength)
            cell[1] += weight * strength
    votes[:, :, 1] = np.minimum(votes[:, :, 1], 4.0)
    return votes
