"""A reading as arrays: which cues, organisations and figures stand in which sentence and in what order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from dealwire.extract.cues import CUE_CLASSES
from dealwire.extract.reading import Reading, Spanned

Floats = NDArray[np.float64]

CUE_INDEX = {name: number for number, name in enumerate(CUE_CLASSES)}
CUES = len(CUE_CLASSES)
# How much a sentence weighs: title, first sentence, the rest of the first paragraph, what follows.
TIER_WEIGHT = (1.0, 0.8, 0.6, 0.35)
TIERS = len(TIER_WEIGHT)

GROUP_OF_TYPE: dict[str, str] = {
    member: group
    for group, members in {
        "compute_seller": "hyperscaler cloud_provider neocloud bitcoin_miner_host",
        "lab": "ai_lab ai_startup",
        "platform": "tech_platform enterprise_software it_services fintech crypto",
        "user": "enterprise retailer automaker pharma defence space university conglomerate",
        "chips": "chip_designer foundry memory_maker chip_equipment server_maker network_equipment electronics",
        "site": "datacenter_operator real_estate telecom construction",
        "energy": "utility energy_producer energy_equipment nuclear",
        "capital": "investor_vc investor_pe infrastructure_fund sovereign_fund pension_fund asset_manager insurer",
        "credit": "bank private_credit",
        "state": "government public_body",
        "observer": "media analyst exchange",
    }.items()
    for member in members.split()
}
GROUPS: tuple[str, ...] = (*dict.fromkeys(GROUP_OF_TYPE.values()), "unknown")
GROUP_INDEX = {name: number for number, name in enumerate(GROUPS)}


def group_of(type_id: str) -> str:
    return GROUP_OF_TYPE.get(type_id, "unknown")


ItemType = Literal["cue", "entity", "money", "quantity", "term", "date"]


@dataclass(frozen=True, slots=True)
class Item:
    """A found thing in its sentence. `number` is the cue's class, the entity's, or the money's place in its list."""

    start: int
    end: int
    type: ItemType
    number: int


class Layout:
    """Computed once an article and shared by all features."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.count = max(1, len(reading.sentences))
        self.tier = _tiers(reading)
        self.weight = np.array([TIER_WEIGHT[tier] for tier in self.tier])
        self.items = _items(reading, self.count)
        self.cues = np.zeros((self.count, CUES))
        for cue, sentence in zip(reading.cues, reading.cue_sentence, strict=True):
            self.cues[sentence, CUE_INDEX[cue.cue]] += 1
        self.entity_in = np.zeros((self.count, len(reading.entities)))
        for number, entity in enumerate(reading.entities):
            for sentence in entity.sentence_of:
                self.entity_in[sentence, number] += 1
        self.money_in = np.bincount(reading.money_sentence or (0,), minlength=self.count).astype(float)
        if not reading.money:
            self.money_in[:] = 0
        self.relations: dict[tuple[ItemType, bool], Floats] = {}  # features_party.relation_rows, asked for by each deal

    @cached_property
    def tier_cues(self) -> Floats:
        """Cue counts summed by tier, capped at 2."""
        summed = np.zeros((TIERS, CUES))
        for sentence, tier in enumerate(self.tier):
            summed[tier] += self.cues[sentence]
        return np.minimum(summed, 2.0)

    @cached_property
    def groups(self) -> list[int]:
        return [GROUP_INDEX[group_of(entity.type)] for entity in self.reading.entities]

    def count_in(self, sentences: tuple[int, ...]) -> Floats:
        return np.bincount(sentences or (0,), minlength=self.count).astype(float) * bool(sentences)


def _tiers(reading: Reading) -> list[int]:
    tiers, first_paragraph, seen = [], None, 0
    for sentence in reading.sentences:
        if sentence.in_title:
            tiers.append(0)
            continue
        first_paragraph = sentence.paragraph if first_paragraph is None else first_paragraph
        near_top = sentence.paragraph == first_paragraph and seen < 4
        tiers.append(1 if seen == 0 else 2 if near_top else 3)
        seen += 1
    return tiers or [0]


def _items(reading: Reading, count: int) -> list[list[Item]]:
    rows: list[list[Item]] = [[] for _ in range(count)]
    for cue, sentence in zip(reading.cues, reading.cue_sentence, strict=True):
        rows[sentence].append(Item(cue.start, cue.end, "cue", CUE_INDEX[cue.cue]))
    for number, entity in enumerate(reading.entities):
        for mention, sentence in zip(entity.mentions, entity.sentence_of, strict=True):
            rows[sentence].append(Item(mention.start, mention.end, "entity", number))
    for number, (money, sentence) in enumerate(zip(reading.money, reading.money_sentence, strict=True)):
        rows[sentence].append(Item(money.start, money.end, "money", number))
    others: tuple[tuple[ItemType, Sequence[Spanned], Sequence[int]], ...] = (
        ("quantity", reading.quantities, reading.quantity_sentence),
        ("term", reading.terms, reading.term_sentence),
        ("date", reading.dates, reading.date_sentence),
    )
    for type_of_item, found, places in others:
        for number, (one, sentence) in enumerate(zip(found, places, strict=True)):
            rows[sentence].append(Item(one.start, one.end, type_of_item, number))
    for row in rows:
        row.sort(key=lambda item: (item.start, item.end))
    return rows
