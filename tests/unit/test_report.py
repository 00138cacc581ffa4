"""What is printed: no more digits than known, no direction that the interval does not give, nothing too wide."""

from __future__ import annotations

import re
from itertools import pairwise

import fake_model as fake
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transitionsim.experiments.comparing import compared
from transitionsim.experiments.design import Arm
from transitionsim.experiments.numbers import number, printed, step_for
from transitionsim.experiments.planning import comparison_design, single_design
from transitionsim.experiments.running import run_design
from transitionsim.report import page_of, sentence_of
from transitionsim.report.figure import _apart, draw_figure
from transitionsim.report.header import header
from transitionsim.report.sentence import direction, sentence
from transitionsim.report.table import WIDTH, comparison_text
from transitionsim.report.yearly import yearly_text

SMALL = {"persons_per_agent": 20, "months": 60}


@pytest.fixture(scope="module")
def results():
    arms = [
        Arm("no-transition", fake.scenario(bev=0.17, **SMALL)),
        Arm("fast", fake.scenario(bev=1.0, **SMALL)),
        Arm("reskilling", fake.scenario(seats=1.2e7, **SMALL)),
        Arm("sme-support", fake.scenario(seats=1e4, **SMALL)),
        Arm("reskilling-and-sme-support", fake.scenario(seats=2e7, **SMALL)),
    ]
    design = comparison_design(Arm("current-policy", fake.scenario(**SMALL)), arms, draws=6, seeds=None)
    return run_design(design, processes=1, simulate=fake.simulate)


@pytest.fixture(scope="module")
def table(results):
    return compared(results.found)


def test_the_page_fits_and_says_what_it_must(results, table):
    page = page_of(results, table)
    assert max(map(len, page.splitlines())) <= WIDTH
    flat = " ".join(page.split())
    for text in (
        "Navarra (ES22)",
        "60 months",
        "one agent stands for 20 persons",
        "labour_content less | equal | more",
        "(grade D)",
        "a proxy",
        "Reg. 2019/631",
        "of 6 paired differences",
        "simulation noise, swept parameters and structural switches together",
        "of 11,600 automotive jobs (NACE C29) at the start",
        "people in the labour force at the start",
        "placebo seat",
        "no transition, level",
    ):
        assert text in flat, text
    assert flat.endswith("simulated, not a forecast.")


def test_a_region_without_a_calendar_of_its_plants_is_called_stylised():
    design = comparison_design(Arm("current-policy", fake.scenario(region="ITC1", **SMALL)), [], draws=2, seeds=None)
    found = run_design(design, processes=1, simulate=fake.simulate)
    assert "stylised region: " in " ".join(page_of(found, compared(found.found)).split())


def test_every_cell_has_its_interval(table):
    text = comparison_text(table)
    rows = [line for line in text.splitlines() if line.startswith(("fast", "reskilling ", "placebo"))]
    assert len(rows) == 3 * 2
    for line in rows:
        cells = re.split(r"\s{2,}", line)[1:]
        assert cells
        assert all(re.fullmatch(r"\S+ \(\S+\)°?", cell) for cell in cells), cells


def test_a_table_without_intervals_is_not_printed(table):
    with pytest.raises(ValueError, match="cannot be printed without n, p95"):
        comparison_text(table.drop(columns=["n", "p95"]))


def test_an_arm_with_failed_runs_shows_its_own_n():
    arms = [Arm("paid", fake.scenario(seats=1.2e7, **SMALL))]
    design = comparison_design(Arm("current-policy", fake.scenario(**SMALL)), arms, draws=1, seeds=4)
    page = page_of(
        *(lambda found: (found, compared(found.found)))(run_design(design, processes=1, simulate=fake.simulate_failing))
    )
    assert "paid, n = 2" in page
    assert "2 of 16 runs" in page


@pytest.mark.parametrize(
    ("low", "high", "step"),
    [(0, 6000, 1000), (0, 2500, 100), (0, 0.5, 1), (3, 3, 1), (-600, 600, 100), (-10, 9, 1), (0, 1e7, 1e6)],
)
def test_numbers_are_rounded_to_what_the_interval_supports(low, high, step):
    assert step_for(low, high) == step


@settings(deadline=None)
@given(st.floats(-1e7, 1e7), st.floats(0, 1e7), st.floats(0, 1))
def test_a_printed_interval_holds_its_median_and_claims_no_more_than_the_numbers(low, width, place):
    high = low + width
    found = printed(low + place * width, low, high)
    value = [float(text.replace(",", "").replace("−", "-")) for text in (found.low, found.median, found.high)]
    assert value == sorted(value)
    if found.direction:
        assert low * high > 0
        assert value[0] * value[2] > 0


def test_nothing_is_never_written_with_a_minus():
    assert number(-0.4, 1.0) == "0"
    assert number(-0.004, 0.01) == "0.00"


def row(scenario, outcome, role, median, low, high, floor=(0.0, 0.0)):
    return {
        "scenario": scenario,
        "outcome": outcome,
        "role": role,
        "own": True,
        "horizon": 2040,
        "n": 24,
        "median": median,
        "p05": low,
        "p95": high,
        "unit": "persons",
        "beyond_placebo": median > floor[1] or median < floor[0],
        "denominator": 11_607.0,
        "denominator_name": "automotive jobs (NACE C29) at the start",
        "interval_holds": "simulation noise only, inputs held fixed",
    }


NUMBERS = st.tuples(st.floats(-5000, 5000), st.floats(-5000, 5000), st.floats(-5000, 5000)).map(sorted)


@settings(max_examples=150, deadline=None)
@given(NUMBERS, NUMBERS, NUMBERS, NUMBERS.map(lambda parts: (min(parts[0], 0), max(parts[2], 0))))
def test_the_sentence_claims_no_direction_that_the_interval_does_not(posts, losses, avoided, floor):
    rows = [
        row("base", "posts_lost", "baseline", posts[1], posts[0], posts[2], floor),
        row("base", "involuntary_losses", "baseline", losses[1], losses[0], losses[2], floor),
        row("arm", "posts_lost", "scenario", 1.0, 1.0, 1.0),
        row("arm", "losses_avoided", "scenario", avoided[1], avoided[0], avoided[2], floor),
    ]
    said = sentence(pd.DataFrame(rows), place="Navarra (ES22)", span="2025-01 to 2040-12")
    for part, numbers, more, fewer in (
        (said.split(", and ")[0], posts, " more posts are lost", " fewer posts are lost"),
        (said.split(", and ")[1].split("; ")[0], losses, " more people lose", " fewer people lose"),
        (said.split("; ", 1)[1], avoided, "fewer involuntary losses", "more involuntary losses"),
    ):
        inside = floor[0] <= numbers[1] <= floor[1]
        if numbers[0] <= 0 <= numbers[2] or inside:
            assert "undecided" in part
        if "undecided" not in part:
            assert (more in part) is (numbers[0] > 0)
            assert (fewer in part) is (numbers[2] < 0)
    assert said.endswith("simulated, not a forecast.")
    assert "of 11,607 automotive jobs (NACE C29) at the start" in said
    assert said.count(". ") <= 1


def test_no_transition_given_as_a_scenario_is_not_praised(results, table):
    frozen = Arm("frozen", results.design.arms[0].scenario)
    design = comparison_design(results.design.baseline, [frozen], draws=3, seeds=None)
    found = run_design(design, processes=1, simulate=fake.simulate)
    assert "frozen" not in sentence_of(found, compared(found.found))
    assert "reskilling" in sentence_of(results, table)


def test_a_direction_needs_more_than_the_placebo_moves(table):
    one = next(table[(table["scenario"] == "fast") & (table["outcome"] == "posts_lost")].itertuples())
    assert direction(one) == 1
    assert direction(one._replace(beyond_placebo=False)) == 0


def test_the_figure_is_drawn_with_its_words(results, table, tmp_path):
    words = draw_figure(results, table, tmp_path / "figure.png")
    content = (tmp_path / "figure.png").read_bytes()
    assert content.startswith(b"\x89PNG")
    assert len(content) > 50_000
    for text in ("Navarra (ES22)", "Posts lost", "reskilling-and-sme-support", "Simulated, not a forecast."):
        assert text in words
    draw_figure(results, table, tmp_path / "again.png")
    assert (tmp_path / "again.png").read_bytes() == content


@settings(deadline=None)
@given(st.lists(st.floats(0, 100), min_size=1, max_size=8).map(sorted))
def test_names_are_pushed_apart_and_keep_their_order(heights):
    found = _apart(heights, 5.0, 0.0, 100.0)
    assert all(after - before >= 5.0 - 1e-9 for before, after in pairwise(found))
    assert found[0] >= -1e-9
    assert found[-1] <= 100.0 + 1e-9


def test_years_of_one_path_have_no_interval_and_say_so():
    arm = Arm("reskilling", fake.scenario(seats=1.2e7, **SMALL), "baseline")
    one = run_design(single_design(arm, seeds=1), processes=1, simulate=fake.simulate)
    text = yearly_text(one)
    assert "one simulated path: no interval" in text
    assert [line[:7] for line in text.splitlines() if line.startswith("20")] == [f"{y}-12" for y in range(2025, 2030)]
    many = yearly_text(run_design(single_design(arm, seeds=5), processes=1, simulate=fake.simulate))
    assert "5 seeds; simulation noise only, inputs held fixed" in many
    assert "…" in many
    assert max(map(len, many.splitlines())) <= WIDTH
    assert "no transition" not in header(one)
