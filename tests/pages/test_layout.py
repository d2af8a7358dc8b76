"""Takes random graphs, holds that their maps read from left to right, in the page as in Python."""

from __future__ import annotations

import random
from itertools import pairwise
from typing import TYPE_CHECKING

import networkx
from hypothesis import given
from hypothesis import strategies as st

from riskgraph.pages.layout import Rank, place, rank_risks
from riskgraph.pages.page import Source, read_asset, render_page

if TYPE_CHECKING:
    from tests.pages.browser import Opener

Pair = tuple[str, str]

IDS = tuple(f"R-{number}" for number in range(12))
pairs = st.sets(
    st.tuples(st.sampled_from(IDS), st.sampled_from(IDS)).filter(lambda pair: pair[0] != pair[1]), max_size=40
)


@given(pairs)
def test_a_cascade_between_components_goes_to_the_right(cascades: set[Pair]) -> None:
    """An effect that stands left of its cause would be read backwards."""
    ranks = rank_risks(IDS, cascades)
    graph = networkx.DiGraph(list(cascades))
    component = {risk: at for at, part in enumerate(networkx.strongly_connected_components(graph)) for risk in part}
    for from_, to in cascades:
        if component[from_] != component[to]:
            assert ranks[from_].column < ranks[to].column


@given(pairs, st.sets(st.sampled_from(IDS), min_size=1))
def test_no_two_risks_cover_each_other(cascades: set[Pair], shown: set[str]) -> None:
    """Risks of one column are a row apart at least, whatever part of the map is shown."""
    spots = place(sorted(shown), cascades, rank_risks(IDS, cascades))
    assert set(spots) == shown
    columns: dict[float, list[float]] = {}
    for spot in spots.values():
        columns.setdefault(spot.x, []).append(spot.y)
    for heights in columns.values():
        heights.sort()
        assert all(high - low > 1 - 1e-9 for low, high in pairwise(heights))
        assert heights[0] >= -1e-9


@given(pairs, st.randoms(use_true_random=False))
def test_the_order_of_a_file_changes_nothing(cascades: set[Pair], chance: random.Random) -> None:
    """Two exports of one register are one map."""
    mixed, ids = sorted(cascades), list(IDS)
    chance.shuffle(mixed)
    chance.shuffle(ids)
    ranks = rank_risks(IDS, cascades)
    assert rank_risks(ids, mixed) == ranks
    assert place(ids, mixed, ranks) == place(IDS, cascades, ranks)


def test_a_circle_is_read_from_where_it_is_entered() -> None:
    """A loop has no beginning of its own; what triggers it gives it one."""
    ranks = rank_risks("ABCD", [("A", "B"), ("B", "C"), ("C", "D"), ("D", "B")])
    assert [ranks[risk].column for risk in "ABCD"] == [0, 1, 2, 3]


def test_what_nothing_triggers_stands_beside_what_it_triggers() -> None:
    """A cause that only matters at the end of a chain is drawn there, without an arrow across the map."""
    ranks = rank_risks("ABCX", [("A", "B"), ("B", "C"), ("X", "C")])
    assert ranks["X"].column == 1


def test_the_page_sets_out_as_python_does(opened: Opener) -> None:
    """The picture in the page and the picture in a file would drift apart."""
    chance = random.Random(7)  # noqa: S311 - a seed for graphs
    cases = []
    for size in [1, 2, 3, *(chance.randint(4, 60) for _ in range(197))]:
        ids = [f"R-{number}" for number in range(size)]
        drawn = {(chance.choice(ids), chance.choice(ids)) for _ in range(chance.randint(0, 2 * size))}
        cascades = sorted(pair for pair in drawn if pair[0] != pair[1])
        ranks = rank_risks(ids, cascades)
        shown = sorted(chance.sample(ids, chance.randint(1, size)))
        cases.append((shown, cascades, ranks))
    page = opened(render_page("page.html", title="layout", source=Source(), data={}))
    script = f"""cases => {{ {read_asset("layout.js")}
        return cases.map(([shown, pairs, ranks]) => [...placeRisks(shown, pairs, new Map(ranks))]); }}"""
    found = page.evaluate(script, [[shown, cascades, _listed(ranks)] for shown, cascades, ranks in cases])
    for (shown, cascades, ranks), spots in zip(cases, found, strict=True):
        expected = {risk: {"x": spot.x, "y": spot.y} for risk, spot in place(shown, cascades, ranks).items()}
        assert dict(spots) == expected


def _listed(ranks: dict[str, Rank]) -> list[tuple[str, dict[str, int]]]:
    return [(risk, {"column": rank.column, "row": rank.row}) for risk, rank in ranks.items()]
