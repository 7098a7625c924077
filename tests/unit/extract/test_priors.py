from __future__ import annotations

import json

from dealwire.extract.priors import Observation, Priors
from dealwire.extract.reading import Entity


def entity(name: str, type_id: str, known: bool = True) -> Entity:
    return Entity(name, type_id, known, False, (), ())


def taught() -> Priors:
    priors = Priors()
    priors.learn(Observation("compute_contract", f"cloud {n}", "neocloud", "provider") for n in range(20))
    priors.learn(Observation("compute_contract", f"lab {n}", "ai_lab", "customer") for n in range(20))
    priors.learn(Observation("compute_contract", "odd lab", "ai_lab", "provider") for _ in range(12))
    for _ in range(10):
        priors.learn_pair("compute_contract", ("provider", "neocloud"), ("customer", "ai_lab"))
    return priors


def test_a_type_speaks_for_names_never_seen() -> None:
    priors = taught()
    cloud, lab = entity("new cloud", "neocloud"), entity("new lab", "ai_lab")
    assert priors.role("compute_contract", "provider", cloud)[2] > priors.role("compute_contract", "provider", lab)[2]


def test_a_name_seen_often_outweighs_its_type() -> None:
    priors = taught()
    usual = priors.role("compute_contract", "provider", entity("new lab", "ai_lab"))
    odd = priors.role("compute_contract", "provider", entity("odd lab", "ai_lab"))
    assert odd[2] > usual[2]
    assert odd[1] == usual[1]


def test_pairs_of_types_in_the_usual_roles_score_higher() -> None:
    priors = taught()
    usual = priors.pair("compute_contract", ("provider", "neocloud"), ("customer", "ai_lab"))
    assert usual == priors.pair("compute_contract", ("customer", "ai_lab"), ("provider", "neocloud"))
    assert usual > priors.pair("compute_contract", ("provider", "ai_lab"), ("customer", "neocloud"))


def test_json_keeps_everything() -> None:
    priors = taught()
    again = Priors.from_json(json.loads(json.dumps(priors.to_json())))
    one = entity("odd lab", "ai_lab")
    assert again.role("compute_contract", "provider", one) == priors.role("compute_contract", "provider", one)
