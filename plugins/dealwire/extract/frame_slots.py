"""Which organisations fill the slots of one deal word: order, touching prepositions or particles, the word's form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from dealwire.model import Role

Slot = str
SLOTS: Mapping[str, Mapping[Slot, tuple[Role, ...]]] = {
    "buy": {"subject": ("acquirer", "customer"), "object": ("target",), "from": ("seller", "provider")},
    "sell": {"subject": ("seller", "provider"), "object": ("target",), "to": ("acquirer", "customer")},
    "invest": {"subject": ("investor",), "object": ("investee",), "in": ("investee",), "to": ("investee",)},
    "raise": {
        "subject": ("investee", "borrower"),
        "from": ("investor", "lender"),
        "with": ("investor",),
        "by": ("investor", "lender"),
    },
    "lead": {"subject": ("investor", "lender")},
    "supply": {"subject": ("provider",), "object": ("customer",), "to": ("customer",), "for": ("customer",)},
    "take": {
        "subject": ("customer",),
        "object": ("provider",),
        "from": ("provider",),
        "to": ("provider",),
        "with": ("provider",),
    },
    "win": {
        "subject": ("provider",),
        "from": ("customer",),
        "with": ("customer",),
        "by": ("customer",),
        "of": ("customer",),
        "for": ("customer",),
    },
    "lend": {"subject": ("lender",), "object": ("borrower",), "to": ("borrower",)},
    "borrow": {
        "subject": ("borrower",),
        "from": ("lender",),
        "with": ("lender",),
        "by": ("lender",),
        "to": ("borrower",),
        "for": ("borrower",),
    },
    "build": {"subject": ("developer",), "for": ("customer",)},
    "partner": {"subject": ("partner",), "object": ("partner",), "with": ("partner",)},
}
NEAR = 90  # characters between a word and an organisation in its slot
LIST_GAP = 12
LIST_GAP_WIDE = 30
LIST_BEGINS = 60
ADJACENT = 2
OF_NOUN = 40
CJK_OF = 4
FREE = frozenset({"and"})  # a name that only a conjunction joins is governed by nothing


class FrameHit(NamedTuple):
    start: int
    end: int
    frame: str
    form: str


class Named(NamedTuple):
    """A mention with the prepositions that govern it."""

    start: int
    end: int
    number: int
    governed: frozenset[str]
    possessive: bool


class Script(NamedTuple):
    """How a language orders things: `postpositions` stand behind their name, `verb_final` clauses end with the verb."""

    postpositions: bool
    joined: bool
    verb_final: bool


def votes_of(
    hit: FrameHit, names: list[Named], stop: int, script: Script, body: str
) -> Iterator[tuple[int, Role, float]]:
    for name, slot, strength in _slots(hit, names, stop, script, body):
        for role in SLOTS[hit.frame].get(slot, ()):
            yield name.number, role, strength


def _slots(hit: FrameHit, names: list[Named], stop: int, script: Script, body: str) -> list[tuple[Named, Slot, float]]:
    left = [name for name in names if name.end <= hit.start][::-1]
    right = [name for name in names if hit.end <= name.start < stop]
    if hit.form == "list":
        return [(name, "subject", 1.0) for name in _run(right, hit.end)]
    if script.postpositions:
        return _by_particles(hit, left)
    if hit.form == "noun":
        return _of_noun(hit, left, right)
    if hit.form == "agent":
        return _of_agent(hit, left, right)
    near = [
        name
        for name in right
        if name.start - hit.end <= NEAR and not (script.verb_final and "," in body[hit.end : name.start])
    ]
    if script.verb_final and hit.form in ("final", "participle") and not near:
        return _of_final(hit, left)
    return _of_verb(hit, left, right, script.joined)


def _run(names: list[Named], start: int, most: int = LIST_BEGINS) -> list[Named]:
    """The list that begins close behind `start`."""
    found: list[Named] = []
    for name in names:
        gap = name.start - (found[-1].end if found else start)
        if gap > (LIST_GAP_WIDE if found else most):
            break
        found.append(name)
    return found


def _peers(name: Named, names: list[Named], forward: bool) -> list[Named]:
    """Those joined to `name` in a list."""
    found, edge = [], name
    for other in names[names.index(name) + 1 :]:
        gap = other.start - edge.end if forward else edge.start - other.end
        if gap > LIST_GAP or (other if forward else edge).governed - FREE:
            break
        found.append(other)
        edge = other
    return found


def _subject(left: list[Named], hit: FrameHit) -> list[tuple[Named, float]]:
    free = [name for name in left if not (name.governed - FREE) and not name.possessive] or left[:1]
    if not free:
        return []
    found = [(free[0], 1.0)] + [(peer, 0.9) for peer in _peers(free[0], left, forward=False)]
    if free[-1].number != free[0].number:
        found.append((free[-1], 0.5))
    return found


def _of_verb(hit: FrameHit, left: list[Named], right: list[Named], joined: bool) -> list[tuple[Named, Slot, float]]:
    slots = SLOTS[hit.frame]
    found: list[tuple[Named, Slot, float]] = []
    near = [name for name in right if name.start - hit.end <= NEAR]
    first = near[0] if near else None
    agent = None
    if joined:
        turned = _around_verb(hit, left)
        if any(slot == "subject" for _, slot, _ in turned):
            return turned
        found += turned
    if hit.form == "participle" and "by" not in slots:
        agent = next((name for name in near if "by" in name.governed and name.start - hit.end <= 40), None)
    if agent is not None:
        found += [(name, "object" if "object" in slots else "none", strength) for name, strength in _subject(left, hit)]
        found += [(name, "subject", 1.0) for name in (agent, *_peers(agent, right, forward=True))]
        return found
    found += [(name, "subject", strength) for name, strength in _subject(left, hit)]
    for name in near:
        governed = [slot for slot in sorted(name.governed) if slot in slots and slot not in ("subject", "object")]
        if governed:
            found += [(one, governed[0], 1.0) for one in (name, *_peers(name, right, forward=True))]
        elif name is first and "object" in slots and not (name.governed - {"of", "in", "to"}):
            found += [(one, "object", 1.0) for one in (name, *_peers(name, right, forward=True))]
    return found


def _around_verb(hit: FrameHit, left: list[Named]) -> list[tuple[Named, Slot, float]]:
    """Chinese: 被X收购, 向X采购; what a preposition governs stands before the verb."""
    slots = SLOTS[hit.frame]
    agent = next((name for name in left if "by" in name.governed and hit.start - name.end <= NEAR), None)
    if agent is not None and "by" not in slots:
        others = [(name, "object", 1.0) for name in left if name.number != agent.number][:1]
        return [(agent, "subject", 1.0), *others]
    return [
        (name, slot, 1.0)
        for name in left
        if hit.start - name.end <= NEAR
        for slot in sorted(name.governed)
        if slot in slots and slot not in ("subject", "object")
    ]


def _of_final(hit: FrameHit, left: list[Named]) -> list[tuple[Named, Slot, float]]:
    """The verb closes its clause: actor and object both stand before it."""
    slots = SLOTS[hit.frame]
    found: list[tuple[Named, Slot, float]] = []
    near = [name for name in left if hit.start - name.end <= 2 * NEAR]
    agent = next((name for name in near if "by" in name.governed), None) if hit.form == "participle" else None
    free = [name for name in near if not (name.governed - FREE)]
    if agent is not None:
        found += [(one, "subject", 1.0) for one in (agent, *_peers(agent, left, forward=False))]
        others = [name for name in free if name.number != agent.number]
        return found + [(name, "object", 1.0) for name in others[-1:]]
    for name in near:
        governed = [slot for slot in sorted(name.governed) if slot in slots and slot not in ("subject", "object")]
        if governed:
            found.append((name, governed[0], 1.0))
    if len({name.number for name in free}) >= 2 and "object" in slots:
        found += [(free[-1], "subject", 1.0), (free[0], "object", 0.8)]
    elif free:
        found.append((free[-1], "subject", 0.8))
    return found


def _of_noun(hit: FrameHit, left: list[Named], right: list[Named]) -> list[tuple[Named, Slot, float]]:
    slots = SLOTS[hit.frame]
    patient = "object" if "object" in slots else "subject"
    found: list[tuple[Named, Slot, float]] = []
    if left:
        nearest = left[0]
        gap = hit.start - nearest.end
        if nearest.possessive and gap <= 40:
            found.append((nearest, "subject", 1.0))
        elif gap <= ADJACENT:
            found.append((nearest, patient, 0.9))
        else:
            found += [(name, "subject", 0.5 * strength) for name, strength in _subject(left, hit)]
    for name in right:
        if name.start - hit.end > NEAR:
            break
        slot: Slot | None = next(
            (slot for slot in ("by", "of", "in", "from", "to", "with", "for") if slot in name.governed), None
        )
        if slot is None:
            continue
        if slot == "by" and "by" not in slots:
            slot = "object" if "of" in name.governed and name is right[0] else "subject"
        elif slot in ("of", "in") and slot not in slots:
            slot = patient
        found += [(one, slot, 1.0) for one in (name, *_peers(name, right, forward=True))]
    return found


def _of_agent(hit: FrameHit, left: list[Named], right: list[Named]) -> list[tuple[Named, Slot, float]]:
    """ "Landlord X", "X's tenant Y", "tenant of X"."""
    found: list[tuple[Named, Slot, float]] = []
    if right and right[0].start - hit.end <= ADJACENT:
        found += [(one, "subject", 1.0) for one in (right[0], *_peers(right[0], right, forward=True))]
    elif right and "of" in right[0].governed and right[0].start - hit.end <= 30:
        found.append((right[0], "object", 0.8))
        found += [(left[0], "subject", 0.6)] if left and hit.start - left[0].end <= 30 else []
    if left and left[0].possessive and hit.start - left[0].end <= 30:
        found.append((left[0], "object", 0.8))
    return found


def _by_particles(hit: FrameHit, left: list[Named]) -> list[tuple[Named, Slot, float]]:
    slots = SLOTS[hit.frame]
    found: list[tuple[Named, Slot, float]] = []
    for name in left:
        if hit.start - name.end > 2 * NEAR:
            break
        for slot in ("object", "subject", *(s for s in slots if s not in ("object", "subject")), "of"):
            if slot in name.governed:
                if slot == "of":
                    slot = "object" if "object" in slots and hit.start - name.end <= 4 else "none"
                found.append((name, slot, 1.0))
                break
    return found
