"""Which articles are one event, so that training and testing do not share it."""

from __future__ import annotations

import json
from pathlib import Path

from dealwire.cli.labelling import events_of
from dealwire.extract.gold import read_gold
from dealwire.extract.train import read_cases
from dealwire.extract.train_stages import weights_of


def test_articles_that_share_a_deal_are_one_event() -> None:
    mentions = {1: [(10, 7)], 2: [(11, 7), (12, 9)], 3: [(13, 9)], 4: [(14, 8)], 5: [], 6: [(15, None)]}
    assert events_of(mentions) == {1: "deal-7", 2: "deal-7", 3: "deal-7", 4: "deal-8"}


def test_a_chain_of_deals_is_one_event_in_any_order() -> None:
    links = [(3, 4), (1, 2), (2, 3), (5, 6)]
    for order in (links, links[::-1]):
        events = events_of({number: [(0, one), (0, other)] for number, (one, other) in enumerate(order)})
        assert sorted(set(events.values())) == ["deal-1", "deal-5"]


def test_training_takes_a_labels_weight(tmp_path: Path) -> None:
    row = {"lang": "en", "published": None, "title": "Rain", "text": "It rains.", "event": None, "deals": []}
    lines = [json.dumps({**row, "id": "a"}), json.dumps({**row, "id": "b", "weight": 0.25})]
    (tmp_path / "labels.jsonl").write_text("\n".join(lines))
    cases = read_cases(read_gold(tmp_path / "labels.jsonl"))
    assert weights_of(cases, [1, 2]).tolist() == [1.0, 0.25, 0.25]
