"""Circles of money, and the drawing of the network."""

from dataclasses import dataclass
from decimal import Decimal

from dealwire.web.flows import MOST_CIRCLES, MOST_NODES, SIZE, draw_network, find_circles


@dataclass(frozen=True)
class Flow:
    payer_id: str
    payee_id: str
    usd: Decimal = Decimal(1)

    @property
    def payer(self) -> str:
        return self.payer_id.upper()

    @property
    def payee(self) -> str:
        return self.payee_id.upper()


def flows(*pairs: str) -> list[Flow]:
    return [Flow(pair[0], pair[1]) for pair in pairs]


def walks(circles: list[list[Flow]]) -> list[str]:
    return ["".join(flow.payer_id for flow in circle) for circle in circles]


def test_a_circle_is_found_once_whatever_flow_it_is_entered_by() -> None:
    assert len(find_circles(flows("ab", "bc", "ca", "ad"))) == 1
    assert sorted(walks(find_circles(flows("ab", "bc", "ca")))[0]) == ["a", "b", "c"]


def test_without_a_way_back_there_is_no_circle() -> None:
    assert find_circles(flows("ab", "bc", "ac", "dc")) == []


def test_short_circles_come_first_and_their_number_is_limited() -> None:
    found = find_circles(flows("ab", "ba", "bc", "cd", "db"))
    assert [len(circle) for circle in found] == [2, 3]
    everybody = [Flow(a, b) for a in "abcdefghij" for b in "abcdefghij" if a != b]
    assert len(find_circles(everybody)) == MOST_CIRCLES


def test_the_drawing_marks_the_circle_and_stays_in_its_frame() -> None:
    network = draw_network([*flows("ab", "bc", "ca"), Flow("a", "x", Decimal(10**12))])
    assert {node.id for node in network.nodes if node.in_circle} == {"a", "b", "c"}
    assert sum(edge.in_circle for edge in network.edges) == 3
    assert all(0 < node.x < SIZE and 0 < node.y < SIZE for node in network.nodes)


def test_more_organisations_than_the_ring_holds_are_left_out() -> None:
    network = draw_network([Flow(f"p{number}", f"q{number}") for number in range(40)])
    assert len(network.nodes) == MOST_NODES
    assert draw_network([]).edges == []
