"""Scored pairs become groups: each connected block by itself, under the limits that people and articles set."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import pairwise

from dealwire.resolve.clustering import Clusterer, Constraints, Pair, components
from dealwire.resolve.pairing import Scored
from dealwire.resolve.profiles import Profile
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
    blocks = components(profiles, edges)
    block_of = {key: number for number, block in enumerate(blocks) for key in block}
    inside: list[dict[Pair, int]] = [{} for _ in blocks]
    for pair, score in scored.scores.items():
        if block_of[pair[0]] == block_of[pair[1]]:
            inside[block_of[pair[0]]][pair] = score
    groups: list[list[str]] = []
    apart = enemies(limits.apart)
    for block, scores in zip(blocks, inside, strict=True):
        if len(block) == 1:
            groups.append(block)
            continue
        strong = [key for key in block if not profiles[key].weak]
        capped = any(key in scored.capped for key in block)
        clusterer = Clusterer(scores, apart, capped, match)
        groups += clusterer.run(strong, [key for key in block if profiles[key].weak])
    return _together(groups, limits.together)


def _together(groups: Sequence[Sequence[str]], together: Sequence[Collection[str]]) -> list[list[str]]:
    """Join what people put together; after clustering, so that a new report need fit only one part of such a deal."""
    links = [pair for keys in together for pair in pairwise(sorted(keys))]
    links += [pair for group in groups for pair in pairwise(group)]
    return components([key for group in groups for key in group], links)


def enemies(pairs: Iterable[Pair]) -> dict[str, set[str]]:
    """For each report those that it must be kept apart from."""
    found: dict[str, set[str]] = {}
    for one, other in pairs:
        found.setdefault(one, set()).add(other)
        found.setdefault(other, set()).add(one)
    return found
