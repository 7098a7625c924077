"""Scored pairs become groups: each connected block by itself, under the limits that people and articles set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dealwire.resolve.clustering import Clusterer, Constraints, Pair, components
from dealwire.resolve.pairing import Scored
from dealwire.resolve.profile import Profile
from dealwire.resolve.scoring import MICRO, Weights


def limits_of(profiles: Mapping[str, Profile], judged: Constraints) -> Constraints:
    """Judgements, and the mentions of one article kept apart: it tells a deal once, or repeats itself."""
    articles: dict[str, list[Profile]] = {}
    for item in profiles.values():
        articles.setdefault(item.article_id, []).append(item)
    apart: set[Pair] = set(judged.apart)
    for items in articles.values():
        items.sort(key=lambda p: p.key)
        apart |= {(a.key, b.key) for i, a in enumerate(items) for b in items[i + 1 :] if not _repeats(a, b)}
    return Constraints(judged.together, frozenset(apart))


def _repeats(one: Profile, other: Profile) -> bool:
    same = (one.kind, one.roots, one.amount, one.currency) == (other.kind, other.roots, other.amount, other.currency)
    return same and one.capacity == other.capacity


def partition(
    profiles: Mapping[str, Profile], scored: Scored, limits: Constraints, weights: Weights
) -> list[list[str]]:
    """Cluster each connected block by itself."""
    match = round(weights.match * MICRO)
    edges = [pair for pair, score in scored.scores.items() if score >= match]
    edges += [(a, b) for keys in limits.together for a, b in zip(sorted(keys), sorted(keys)[1:], strict=False)]
    blocks = components(profiles, edges)
    block_of = {key: number for number, block in enumerate(blocks) for key in block}
    inside: list[dict[Pair, int]] = [{} for _ in blocks]
    for pair, score in scored.scores.items():
        if block_of[pair[0]] == block_of[pair[1]]:
            inside[block_of[pair[0]]][pair] = score
    groups: list[list[str]] = []
    for block, scores in zip(blocks, inside, strict=True):
        if len(block) == 1:
            groups.append(block)
            continue
        strong = [key for key in block if not profiles[key].weak]
        capped = any(key in scored.capped for key in block)
        clusterer = Clusterer(scores, _of_block(limits, block), capped, match)
        groups += clusterer.run(strong, [key for key in block if profiles[key].weak])
    return groups


def _of_block(limits: Constraints, block: Sequence[str]) -> Constraints:
    keys = set(block)
    together = [set(keys_) & keys for keys_ in limits.together if not keys.isdisjoint(keys_)]
    return Constraints(together, frozenset(pair for pair in limits.apart if pair[0] in keys and pair[1] in keys))
