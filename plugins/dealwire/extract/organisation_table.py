"""The gazetteer: known organisations and every spelling of them.

The data are in organisations/<type>.toml, one line an organisation; docs/organisations.md explains the keys.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources
from types import MappingProxyType
from typing import Any, NamedTuple

from dealwire.extract.names import fold_name, most_similar, plain
from dealwire.model import Organisation

_TYPE_IDS = """
hyperscaler cloud_provider neocloud bitcoin_miner_host ai_lab ai_startup tech_platform chip_designer foundry
memory_maker chip_equipment server_maker network_equipment electronics datacenter_operator real_estate telecom utility
energy_producer energy_equipment nuclear investor_vc investor_pe infrastructure_fund sovereign_fund pension_fund
asset_manager bank private_credit insurer conglomerate enterprise_software it_services fintech crypto government
public_body defence space university automaker pharma retailer construction enterprise media analyst exchange
"""
TYPES: tuple[str, ...] = tuple(_TYPE_IDS.split())  # one file of organisations/ each
UNKNOWN_TYPE = "unknown"


class Alias(NamedTuple):
    """One spelling. `ambiguous` spellings are also common words; `needs` are words one of which must then be near."""

    text: str
    organisation_id: str
    ambiguous: bool
    needs: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Gazetteer:
    """Known organisations by id, and every spelling of them."""

    organisations: Mapping[str, Organisation]
    aliases: tuple[Alias, ...]

    @cached_property
    def by_folded_name(self) -> Mapping[str, str]:
        """Folded spelling -> organisation id; an ambiguous spelling gives way to a clear one."""
        table: dict[str, str] = {}
        for alias in sorted(self.aliases, key=lambda alias: alias.ambiguous):
            table.setdefault(fold_name(alias.text), alias.organisation_id)
        return MappingProxyType(table)

    @cached_property
    def by_plain_spelling(self) -> Mapping[str, str]:
        """As above, of clear spellings without a legal form: "News Corp" must not turn "News" into an organisation."""
        clear = [alias for alias in self.aliases if not alias.ambiguous]
        return MappingProxyType(
            {folded: alias.organisation_id for alias in clear if (folded := fold_name(alias.text)) == plain(alias.text)}
        )

    @cached_property
    def ambiguous_spellings(self) -> Mapping[str, Alias]:
        """Spellings that are common words as well, each with the first organisation that has it."""
        return MappingProxyType({alias.text: alias for alias in reversed(self.aliases) if alias.ambiguous})

    def resolve_name(self, name: str) -> Organisation | None:
        """The organisation that a name stands for, by exact or all but equal spelling; None where unknown."""
        table = self.by_folded_name
        organisation_id = table.get(fold_name(name))
        if organisation_id is None:
            similar = most_similar(name, table)
            organisation_id = table[similar] if similar else None
        return self.organisations[organisation_id] if organisation_id else None

    def without(self, organisation_ids: set[str]) -> Gazetteer:
        """A gazetteer that does not know some organisations: to measure how unseen ones are found."""
        kept = {key: value for key, value in self.organisations.items() if key not in organisation_ids}
        return Gazetteer(kept, tuple(alias for alias in self.aliases if alias.organisation_id in kept))


@cache
def load_gazetteer() -> Gazetteer:
    """The shipped gazetteer, read once a process."""
    organisations: dict[str, Organisation] = {}
    aliases: list[Alias] = []
    folder = resources.files("dealwire.extract") / "organisations"
    for type_id in TYPES:
        table = tomllib.loads((folder / f"{type_id}.toml").read_text(encoding="utf-8"))
        for organisation_id, row in table.items():
            if organisation_id in organisations:
                raise ValueError(f"organisations/{type_id}.toml: {organisation_id} stands in two files")
            _add(organisation_id, type_id, row, organisations, aliases)
    return Gazetteer(MappingProxyType(organisations), tuple(aliases))


def _add(
    organisation_id: str,
    type_id: str,
    row: dict[str, Any],
    organisations: dict[str, Organisation],
    aliases: list[Alias],
) -> None:
    clear: list[str] = row.get("aliases", [])
    ambiguous: list[str] = row.get("ambiguous", [])
    needs = tuple(word.lower() for word in row.get("needs", ()))
    name: str = row["name"]
    spellings = clear if name in ambiguous else [name, *clear]
    organisations[organisation_id] = Organisation(
        id=organisation_id,
        name=name,
        type=type_id,
        aliases=(*clear, *ambiguous),
        parent=row.get("parent"),
        country=row.get("country"),
        ticker=row.get("ticker"),
    )
    aliases.extend(Alias(text, organisation_id, False, ()) for text in dict.fromkeys(spellings))
    aliases.extend(Alias(text, organisation_id, True, needs) for text in ambiguous)
