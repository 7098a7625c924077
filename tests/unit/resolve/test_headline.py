"""One sentence for a deal."""

from __future__ import annotations

import pytest
from unit.resolve.made import party

from dealwire.resolve.headline import headline

CASES = """
compute_contract announced openai:customer aws:provider = OpenAI buys compute from Amazon Web Services
compute_contract rumored openai:customer aws:provider = OpenAI may buy compute from Amazon Web Services
compute_contract cancelled openai:customer aws:provider = OpenAI does not buy compute from Amazon Web Services
compute_contract announced openai:customer = OpenAI buys compute
compute_contract announced aws:provider = Amazon Web Services sells compute
chip_supply announced iren:customer dell:provider = Iren buys chips from Dell
datacenter announced fluidstack:customer hut-8:provider = Fluidstack takes data centre capacity from Hut 8
datacenter announced mistral:developer = Mistral builds data centres
datacenter announced hut-8:provider = Hut 8 leases out data centre capacity
power announced meta:customer engie:provider = Meta buys power from Engie
equity_investment completed amazon:investor openai:investee = Amazon invests in OpenAI
equity_investment announced a:investor b:investor openai:investee = A and B invest in OpenAI
equity_investment announced openai:investee = OpenAI raises funding
acquisition announced meta:acquirer manus:target = Meta acquires Manus
acquisition rumored airbus:acquirer bds:target atos:seller = Airbus may acquire Bds from Atos
acquisition announced manus:target = Manus is acquired
debt_financing announced nscale:borrower pimco:lender = Nscale borrows from Pimco
debt_financing announced nscale:borrower = Nscale borrows money
joint_venture announced meta:partner blue-owl:partner = Meta and Blue Owl form a joint venture
partnership announced amazon:partner nyt:partner = Amazon and Nyt partner
partnership rumored amazon:partner nyt:partner = Amazon and Nyt may partner
"""


@pytest.mark.parametrize("case", CASES.strip().splitlines())
def test_headline(case: str) -> None:
    told, sentence = case.split(" = ")
    kind, status, *parties = told.split()
    assert headline(kind, status, [party(p) for p in parties]) == sentence  # type: ignore[arg-type]


def test_many_parties_are_counted() -> None:
    parties = [party(f"fund-{n}:investor") for n in range(9)] + [party("lab:investee")]
    assert headline("equity_investment", "announced", parties) == "Fund 0, Fund 1 and 7 others invest in Lab"
