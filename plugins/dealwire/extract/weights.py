"""All learned numbers of the local reader, as one value that is written to and read from weights/*.json."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from dealwire.errors import SettingsError
from dealwire.extract.features_amount import AMOUNT_FEATURES
from dealwire.extract.features_article import KIND_FEATURES
from dealwire.extract.features_party import PARTY_FEATURES
from dealwire.extract.features_record import RECORD_FEATURES
from dealwire.extract.layout import Floats
from dealwire.extract.priors import Priors
from dealwire.extract.scorers import Linear, Platt, Scorer, strongest
from dealwire.extract.selection import EMIT_FEATURES

FOLDER = Path(__file__).parent / "weights"
DETAILS = ("term", "date", "quantity", "valuation")


@dataclass(frozen=True, slots=True)
class PartyScorer:
    """Trees over all roles together, and a linear model a role; the mean of both."""

    together: Scorer
    by_role: Linear

    def margin(self, rows: Floats, roles: np.ndarray[Any, np.dtype[np.int64]]) -> Floats:
        linear = self.by_role.margin(rows)[np.arange(len(rows)), roles]
        return np.asarray((self.together.margin(rows) + linear) / 2)

    def explain(self, row: Floats, role: int) -> dict[str, float]:
        trees = self.together.trees
        shares = self.by_role.weights[:, role] * row
        if trees is not None:
            shares = shares + trees.contributions(row)
        return strongest(self.together.features, shares / 2)


@dataclass(frozen=True, slots=True)
class Weights:
    sentence: Linear
    topic: Linear
    kind: Scorer
    gate: Scorer
    party: PartyScorer
    priors: Priors
    amount: Scorer
    claim: Scorer
    order: Linear
    match: Scorer
    exact: Scorer
    emit: Scorer
    background: Scorer
    status: Mapping[str, Scorer]
    details: Mapping[str, Scorer]
    platt: Mapping[str, Platt]

    def to_json(self) -> dict[str, Any]:
        return {
            "sentence": self.sentence.to_json(),
            "topic": self.topic.to_json(),
            "kind": self.kind.to_json(),
            "gate": self.gate.to_json(),
            "party": {"together": self.party.together.to_json(), "by_role": self.party.by_role.to_json()},
            "priors": self.priors.to_json(),
            "amount": self.amount.to_json(),
            "claim": self.claim.to_json(),
            "order": self.order.to_json(),
            "match": self.match.to_json(),
            "exact": self.exact.to_json(),
            "emit": self.emit.to_json(),
            "background": self.background.to_json(),
            "status": {name: scorer.to_json() for name, scorer in self.status.items()},
            "details": {name: scorer.to_json() for name, scorer in self.details.items()},
            "platt": {name: [platt.slope, platt.shift] for name, platt in self.platt.items()},
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Weights:
        return cls(
            sentence=Linear.from_json(data["sentence"]),
            topic=Linear.from_json(data["topic"]),
            order=Linear.from_json(data["order"]),
            party=PartyScorer(Scorer.from_json(data["party"]["together"]), Linear.from_json(data["party"]["by_role"])),
            priors=Priors.from_json(data["priors"]),
            status={name: Scorer.from_json(one) for name, one in data["status"].items()},
            details={name: Scorer.from_json(one) for name, one in data["details"].items()},
            platt={name: Platt(*pair) for name, pair in data["platt"].items()},
            **{
                name: Scorer.from_json(data[name])
                for name in ("kind", "gate", "amount", "claim", "match", "exact", "emit", "background")
            },
        )


def save(weights: Weights, folder: Path) -> None:
    """One file a scorer, keys sorted, so that a change of weights can be read as a diff."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, part in weights.to_json().items():
        text = json.dumps(part, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        (folder / f"{name}.json").write_text(text + "\n", encoding="utf-8")


def read_platts(folder: Path) -> dict[str, Platt]:
    path = folder / "platt.json"
    pairs = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return {name: Platt(*pair) for name, pair in pairs.items()}


def save_platts(platts: Mapping[str, Platt], folder: Path) -> None:
    rows = {name: [platt.slope, platt.shift] for name, platt in platts.items()}
    (folder / "platt.json").write_text(json.dumps(rows, sort_keys=True) + "\n", encoding="utf-8")


@lru_cache(maxsize=4)
def load(folder: Path = FOLDER) -> Weights:
    try:
        data = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))}
        weights = Weights.from_json(data)
    except (OSError, KeyError, ValueError) as error:
        raise SettingsError(f"{folder}: no usable weights ({error!r}); make them with `dealwire train`") from error
    _check_features(weights, folder)
    return weights


def _check_features(weights: Weights, folder: Path) -> None:
    """Weights learned for other features would decide nonsense, or fail in the middle of an article."""
    pairs = (
        (weights.kind.features, KIND_FEATURES),
        (weights.party.together.features, PARTY_FEATURES),
        (weights.amount.features, AMOUNT_FEATURES),
        (weights.match.features, RECORD_FEATURES),
        (weights.emit.features, EMIT_FEATURES),
    )
    if any(learned != now for learned, now in pairs):
        raise SettingsError(f"{folder}: weights of another version of the features; run `dealwire train`")


def fingerprint(*folders: Path) -> str:
    """Eight hex digits over every table and weight, so that a version names what decided."""
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted(p for p in folder.rglob("*") if p.suffix in (".json", ".toml")):
            digest.update(path.name.encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:8]
