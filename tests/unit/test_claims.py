"""What a claim says: numbers with their interval, drivers, its level, its sentence in three languages, its card."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import claimed
import fake_model as fake
import pytest

from transitionsim.claims.bundle import bundle
from transitionsim.claims.card import ID, card, claim_id, read_card, written
from transitionsim.claims.estimate import estimate, quantity_of
from transitionsim.claims.language import LANGUAGES, language
from transitionsim.claims.ledger import LINES
from transitionsim.claims.source import read_source
from transitionsim.claims.statement import statement
from transitionsim.cli.report import patterns_in
from transitionsim.errors import InputError
from transitionsim.experiments.inputs import keys_set_by
from transitionsim.facts.table import FACTS
from transitionsim.regions import load_region

RECIPE = {"plan": {"id": "x"}}

GRADE_D = {"en": "grade D", "de": "Evidenzgrad D", "es": "grado D"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return claimed.comparison(tmp_path_factory.mktemp("claims") / "demo")


def of(source, lang: str = "en", **what):
    return bundle(source, language(lang), **what)


def test_a_comparison_is_read_with_all_that_proves_it(folder: Path) -> None:
    source = read_source(folder)
    assert source.kind == "comparison"
    assert source.problems == ()
    assert source.baseline is not None
    assert source.baseline.label == "current-policy"
    assert source.plan.horizons == (2029,)
    assert source.code["sources"]
    assert source.legal_status == "Reg. 2019/631; as of 2026-11"
    assert source.region().code == "ES22"


def test_its_numbers_are_those_of_the_comparison(folder: Path) -> None:
    import pandas as pd

    table = pd.read_csv(folder / "comparison.csv")
    row = table[(table["outcome"] == "losses_avoided") & (table["scenario"] == "reskilling")].iloc[0]
    source = read_source(folder)
    found = estimate(source, quantity_of(source, "losses_avoided", "reskilling", None))
    assert (found.total.median, found.total.low, found.total.high) == pytest.approx(
        (row["median"], row["p05"], row["p95"])
    )
    assert found.draws == row["n"] == 24


def test_an_estimate_is_no_bare_number() -> None:
    found = of(claimed.made_up(500.0)).estimate
    with pytest.raises(TypeError, match="no number without its interval"):
        float(found)
    with pytest.raises(TypeError, match="one form"):
        f"{found:.2f}"
    assert f"{found}" == str(found.printed)
    assert "(" in f"{found}"


def test_a_direction_needs_the_total_interval() -> None:
    assert of(claimed.made_up(500.0)).estimate.direction == 1
    assert of(claimed.made_up(-500.0)).estimate.direction == -1
    assert of(claimed.made_up(3.0, spread=5.0)).estimate.direction == 0


def test_seeds_alone_are_told_only_where_inputs_repeat() -> None:
    assert of(claimed.made_up(500.0)).estimate.seeds_only is None
    twice = of(claimed.made_up(500.0, inputs=60, seeds=2)).estimate
    assert twice.seeds_only is not None
    low, high = twice.seeds_only
    assert 0 < high - low < twice.total.high - twice.total.low, "the luck of the seeds is a part of the whole"
    assert high - low == pytest.approx(2 * 1.645, rel=0.3), "noise of a standard deviation of one"


def test_the_input_that_decides_is_found_with_its_grade() -> None:
    found = of(claimed.made_up(500.0, spread=20.0)).claim.drivers
    assert found.known
    assert [one.key for one in found.carrying] == ["carries"]
    assert found.rows[0].share > 0.9


def test_with_too_few_draws_every_input_counts() -> None:
    found = of(claimed.made_up(500.0, inputs=12)).claim.drivers
    assert not found.known
    assert [one.key for one in found.carrying] == ["carries", "idle"]
    assert "too few" in found.how(language("en"))


@pytest.mark.parametrize(("grade", "level"), [("D", 0), ("C", 1), ("B", 1), ("A", 1), ("-", 0)])
def test_the_level_is_that_of_the_worst_input_that_carries(grade: str, level: int) -> None:
    assert of(claimed.made_up(500.0, spread=20.0, grade=grade)).claim.purpose.level == level


def test_level_two_needs_four_patterns_outside_the_fitting(tmp_path: Path) -> None:
    table, region = tmp_path / "facts.csv", load_region("ES22")
    heading, known = "fact,verdict,low,high,region", {fact.name: fact for fact in FACTS}

    def of_table(*rows: str):
        table.write_text("\n".join([heading, *rows]) + "\n")
        return patterns_in(table, region)

    names = ("beveridge-loop", "matching-returns", "age-gradient", "firm-growth")
    rows = [f"{name},holds,{known[name].low},{known[name].high},ES22" for name in names]
    idle = (
        "exit-hazard,holds,0,1,ES22",
        "beveridge-slope,holds,-1,-1,ES22",
        "training-second-year,fails by 1,5,6,ES22",
    )
    patterns = of_table(*rows, *idle)
    assert patterns.names == names, "neither those that were fitted, nor those recalled, nor those that fail"
    assert patterns.titles == tuple(known[name].title for name in names)
    good = claimed.made_up(500.0, spread=20.0, grade="B")
    assert of(good, patterns=patterns).claim.purpose.level == 2
    assert known["age-gradient"].title in of(good, patterns=patterns).statement
    assert of(good, patterns=of_table(*rows[:3])).claim.purpose.level == 1
    assert of(claimed.made_up(500.0, spread=20.0), patterns=patterns).claim.purpose.level == 0
    for row, said in (
        ("that reskilling saves 4000 jobs,holds,0,1,ES22", "no fact 'that reskilling"),
        (rows[0], "has a fact twice"),
        ("training-third-year,holds,0,1,DE1", "is of DE1, the claim is of ES22"),
        ("training-third-year,holds,-1,1,ES22", "is said to hold, its interval does not"),
        ("training-third-year,holds,,,ES22", "is said to hold, its interval does not"),
    ):
        with pytest.raises(InputError, match=said):
            of_table(*rows, row)
    table.write_text("a,b\n1,2\n")
    with pytest.raises(InputError, match="is no table of transitionsim validate facts"):
        patterns_in(table, region)


def test_an_assumption_that_was_held_raises_nothing() -> None:
    """Holding assumptions at one value, so that only measured inputs vary, earns no level and is said."""
    measured = claimed.made_up(500.0, spread=20.0, grade="B")
    assert of(measured).claim.purpose.level == 1
    held = ("labour_content", "search.mobility", "firing.slack_share", "wages.adjustment")
    fixed = claimed.made_up(500.0, spread=20.0, grade="B", held=held)
    for lang in LANGUAGES:
        found = of(fixed, lang)
        assert found.claim.purpose.level == 0
        assert "labour_content, search.mobility, firing.slack_share" in found.statement
        assert GRADE_D[lang] in found.statement
        assert "4" in found.claim.purpose.why(found.words)


def test_what_was_held_is_read_from_the_register(tmp_path: Path, folder: Path) -> None:
    every = {one.key for one in load_region("ES22").register.values() if one.swept and one.grade == "D"}
    assert set(read_source(claimed.comparison(tmp_path / "fixed", draws=0, seeds=2)).held) == every
    assert read_source(folder).held == ()
    assert not every & set(keys_set_by(fake.scenario()))


def test_a_direction_lies_beyond_the_seat_that_cannot_matter() -> None:
    """The whole interval, not its median: the seat moves what it moves."""
    found = of(claimed.made_up(500.0, spread=20.0)).estimate
    assert found.floor.n
    near = replace(found, floor=replace(found.floor, high=found.total.low + 1.0))
    assert (found.direction, near.direction) == (1, 0)
    claim = of(claimed.made_up(500.0, spread=20.0)).claim
    text = statement(replace(claim, estimate=near), language("en"))
    assert "it is undecided" in text
    assert "Some of these values are no larger than what one training seat" in text
    wide = replace(
        found, total=replace(found.total, low=0.4, median=20.0, high=60.0), floor=replace(found.floor, high=0.1)
    )
    assert wide.direction == 0, "as printed it begins at zero"
    assert "training seat" not in statement(replace(claim, estimate=wide), language("en"))


def test_the_signs_of_draws_are_counted_each() -> None:
    above, below, at_zero = of(claimed.made_up(0.0, spread=0.0)).estimate.signs
    assert (above, below, at_zero) == (0.0, 0.0, 1.0)
    found = of(claimed.made_up(3.0, spread=5.0)).estimate.signs
    assert sum(found) == pytest.approx(1.0)
    assert found[0] > found[1] > 0.0


def test_people_are_no_finer_than_records() -> None:
    source = claimed.made_up(523.0, spread=0.0)
    fine = of(source).estimate
    assert fine.printed.median == "523"
    coarse = of(replace(source, scenarios={label: {"persons_per_agent": 50} for label in source.scenarios})).estimate
    assert coarse.printed.median == "520"


def test_rules_of_ones_own_keep_a_figure_an_illustration() -> None:
    assert of(claimed.made_up(500.0, spread=20.0, grade="A", rules=("mine.py",))).claim.purpose.level == 0


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("effect", [500.0, -500.0, 2.0])
@pytest.mark.parametrize("grade", ["D", "B"])
@pytest.mark.parametrize("inputs", [12, 240])
def test_the_sentence_has_all_that_a_reader_must_know(lang: str, effect: float, grade: str, inputs: int) -> None:
    found = of(claimed.made_up(effect, spread=5.0, grade=grade, inputs=inputs), lang)
    words, quantity = found.words, found.quantity
    for needed in (
        words("caveat"), words.quoted("fast"), words.quoted("current-policy"), "Navarra (ES22)", "2035",
        words.outcome(quantity.outcome, quantity.title),
        *(words.number(end.lstrip("−")) for end in (found.estimate.printed.low, found.estimate.printed.high)),
    ):  # fmt: skip
        assert needed in found.statement
    assert (GRADE_D[lang] in found.statement) == bool(found.claim.drivers.assumed)


@pytest.mark.parametrize(
    ("lang", "said"),
    [("en", "no difference shows between"), ("de", "kein Unterschied"), ("es", "no se aprecia diferencia")],
)
def test_no_difference_at_all_is_said_so(lang: str, said: str) -> None:
    found = of(claimed.made_up(0.0, spread=0.0), lang)
    assert said in found.statement


def test_the_sentence_names_what_carries_it() -> None:
    assumed = of(claimed.made_up(500.0, spread=20.0)).statement
    assert "grade D), first of all carries." in assumed
    assert assumed.startswith(
        "In this illustrative run (simulated, not a forecast), set up with figures of Navarra (ES22),"
    )
    measured = of(claimed.made_up(500.0, spread=20.0, grade="B")).statement
    assert "grade D" not in measured
    assert measured.startswith("In simulation (simulated, not a forecast), under the assumptions")
    few = of(claimed.made_up(500.0, inputs=12)).statement
    assert "2 of the 2 inputs that were varied" in few


def test_a_sentence_claims_no_direction_that_its_interval_lacks() -> None:
    undecided = of(claimed.made_up(3.0, spread=5.0)).statement
    assert "it is undecided whether “fast” and “current-policy” differ" in undecided
    assert " more than" not in undecided
    assert " less than" not in undecided


def test_the_ledger_has_every_way_a_job_ends(folder: Path) -> None:
    found = claimed.claimed(folder, scenario="fast")
    assert [line.outcome for line in found.ledger][: len(LINES)] == list(LINES)
    beside = {line.outcome: line for line in claimed.claimed(folder, scenario="current-policy").ledger}
    assert (beside["posts_lost"].baseline.median, beside["posts_lost"].baseline.n) == (0.0, 1), (
        "no transition by itself"
    )
    lost = next(line for line in found.ledger if line.outcome == "involuntary_losses")
    assert lost.kept
    assert lost.difference.median == found.estimate.total.median
    assert all(line.kept for line in found.ledger)


def test_a_card_holds_what_a_claim_is_and_proves_itself(folder: Path, tmp_path: Path) -> None:
    found = claimed.claimed(folder, scenario="fast")
    content = card(found.source, found.claim, found.words, recipe=RECIPE)
    for name in (
        "statement",
        "purpose_level",
        "quantity",
        "contrast",
        "estimate",
        "drivers",
        "is_not",
        "run",
        "recipe",
    ):
        assert name in content
    assert content["estimate"]["interval_90_total"] is not None
    assert content["estimate"]["seeds"] == 24
    path = tmp_path / "claim.yaml"
    path.write_text(written(content), encoding="utf-8")
    assert read_card(path) == content
    assert content[ID] == claim_id(content)
    path.write_text(written(content).replace("persons", "people"), encoding="utf-8")
    with pytest.raises(InputError, match="was changed after it was written"):
        read_card(path)
    path.write_text("a: 1\n")
    with pytest.raises(InputError, match="is no claim card"):
        read_card(path)


def test_the_same_results_give_the_same_card(folder: Path) -> None:
    one, two = (
        card(found.source, found.claim, found.words, recipe=RECIPE)
        for found in (claimed.claimed(folder) for _ in range(2))
    )
    assert written(one) == written(two)


def test_ranks_have_intervals_and_equal_scenarios_share_them() -> None:
    from transitionsim.claims.refusals import Asked

    found = of(claimed.made_up(500.0), asked=Asked(ranks=True)).ranks
    assert [one.scenario for one in found] == ["current-policy", "paid", "fast"]
    assert [(one.low, one.high) for one in found] == [(1, 1), (2, 2), (3, 3)]
    alike = of(claimed.made_up(0.0, spread=0.0), asked=Asked(ranks=True)).ranks
    assert all(one.rank == 1 for one in alike)


def test_languages_have_the_same_texts() -> None:
    def keys(content, before=""):
        for name, value in content.items():
            yield before + str(name)
            if isinstance(value, dict):
                yield from keys(value, f"{before}{name}.")

    first, *others = (set(keys(language(code).texts)) for code in LANGUAGES)
    for other in others:
        assert first == other
    with pytest.raises(InputError, match="found 'fr'"):
        language("fr")


def test_numbers_wear_the_marks_of_their_language() -> None:
    assert language("en").range("−1,200", "−300") == "300 to 1,200"
    assert language("de").range("1,200", "3,400") == "1.200 bis 3.400"
    assert language("es").number("−12,345.6") == "−12.345,6"


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ({"outcome": "job_losses"}, "not an outcome of these results"),
        ({"scenario": "fats"}, "did you mean 'fast'?"),
        ({"horizon": 2051}, "the results hold 2029"),
    ],
)
def test_mistaken_quantities_get_a_sentence(folder: Path, what: dict, said: str) -> None:
    with pytest.raises(InputError) as caught:
        claimed.claimed(folder, **what)
    assert said in str(caught.value)
