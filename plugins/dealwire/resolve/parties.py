"""The folded parties: who is in the deal, under the most specific name, in the role that most sources give."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dealwire.deal_model import Report
from dealwire.model import ROLES, ROLES_OF_KIND, Kind, Party
from dealwire.resolve.blocking import identity, root_of
from dealwire.resolve.corroborate import is_official

_SHARE = 1 / 3  # of the independent voices that must name a party, unless an official source does
_UNIT_SHARE = 0.2  # of a family's voices that must name the unit for it to stand instead of its parent


@dataclass(frozen=True, slots=True)
class _Named:
    voice: int
    official: bool
    kind: Kind
    party: Party
    organisation: str


def fold_parties(
    reports: Sequence[Report], kind: Kind, voice_of: Mapping[str, int], parents: Mapping[str, str]
) -> tuple[Party, ...]:
    """One party for each family of organisations, ordered by role and name."""
    families: dict[str, list[_Named]] = {}
    for report in reports:
        for party in report.mention.parties:
            organisation = identity(party.name, party.organisation_id)
            named = _Named(voice_of[report.key], is_official(report), report.mention.kind, party, organisation)
            families.setdefault(root_of(organisation, parents), []).append(named)
    voices = len({voice_of[report.key] for report in reports if report.mention.parties})
    kept = [named for named in families.values() if _stands(named, voices)]
    parties = [party for named in kept for party in _parties_of(named, kind, parents)]
    return tuple(sorted(parties, key=lambda party: (ROLES.index(party.role), party.name)))


def _stands(named: Sequence[_Named], voices: int) -> bool:
    return any(n.official for n in named) or len({n.voice for n in named}) >= voices * _SHARE


def _parties_of(named: Sequence[_Named], kind: Kind, parents: Mapping[str, str]) -> list[Party]:
    """The family's member that stands, in its role; a second role only where one article itself gives two."""
    organisation = _most_specific(named, parents)
    spelling = _best([(n.voice, n.party.name) for n in named if n.organisation == organisation])
    fitting = [n for n in named if n.party.role in ROLES_OF_KIND[kind]] or list(named)
    role = _best(
        [(n.voice, n.party.role) for n in fitting if n.kind == kind] or [(n.voice, n.party.role) for n in fitting]
    )
    identities = {n.party.organisation_id for n in named if n.organisation == organisation}
    role_found = next(r for r in ROLES if r == role)
    return [Party(spelling, role_found, min((i for i in identities if i), default=None))]


def _most_specific(named: Sequence[_Named], parents: Mapping[str, str]) -> str:
    voices = len({n.voice for n in named})
    support = {n.organisation: len({m.voice for m in named if m.organisation == n.organisation}) for n in named}
    enough = [o for o, count in support.items() if count >= voices * _UNIT_SHARE or count >= 2]
    return max(enough or list(support), key=lambda o: (_depth(o, parents), support[o], o))


def _depth(organisation: str, parents: Mapping[str, str]) -> int:
    depth, seen = 0, {organisation}
    while organisation in parents and parents[organisation] not in seen:
        organisation, depth = parents[organisation], depth + 1
        seen.add(organisation)
    return depth


def _best(claims: Sequence[tuple[int, str]]) -> str:
    """The value that most independent voices give; then the most reports, then the alphabet."""
    values = sorted({value for _, value in claims})
    return max(
        values, key=lambda v: (len({s for s, value in claims if value == v}), sum(value == v for _, value in claims))
    )
