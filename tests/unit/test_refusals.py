"""What forbids a page: each rule with a folder or a claim that breaks it, and one that does not."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import claimed
import fake_sweep
import numpy as np
import pytest
import remade

from transitionsim.claims.bundle import bundle
from transitionsim.claims.language import language
from transitionsim.claims.refusals import (
    KEYS,
    Asked,
    refusals_of_claim,
    refusals_of_source,
)
from transitionsim.claims.source import read_source
from transitionsim.errors import InputError
from transitionsim.experiments.design import Swept
from transitionsim.experiments.results import Failure
from transitionsim.provenance import Code, code
from transitionsim.regions.reading import PROFILES

BROKEN: dict[str, str] = {}
"""Rules that a test of this file broke on purpose, by key."""


NOTHING = (np.zeros(0), np.zeros(0))


def now(**more) -> Code:
    return replace(code(), dirty=False, **more)


def keys(found) -> set[str]:
    return {one.key for one in found}


def of(source, asked: Asked | None = None):
    return bundle(source, language("en"), asked=asked)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return claimed.comparison(tmp_path_factory.mktemp("refusals") / "demo")


@pytest.fixture
def copied(folder: Path, tmp_path: Path) -> Callable[..., Path]:
    """A copy of the folder whose manifest says something else."""

    def make(**changes) -> Path:
        import shutil

        place = tmp_path / "copy"
        shutil.copytree(folder, place)
        path = place / "manifest.json"
        content = json.loads(path.read_text())
        content.update(changes)
        path.write_text(json.dumps(content))
        return place

    return make


def clean(folder: Path):
    source = read_source(folder)
    return replace(source, code={**source.code, "dirty": False})


def test_a_good_folder_is_refused_nothing(folder: Path) -> None:
    found = bundle(clean(folder), language("en"))
    assert found.refusals(now()) == ()


def test_a_run_without_baseline(tmp_path: Path) -> None:
    sweep = claimed.made_up(5.0).sweep
    arms = tuple(replace(arm, role="scenario") for arm in sweep.plan.arms if arm.role != "no transition")
    alone = claimed.source_of(replace(sweep, plan=replace(sweep.plan, arms=arms)))
    assert "no-baseline" in keys(refusals_of_source(alone, now()))
    with pytest.raises(InputError, match="no-baseline: nothing is compared; run transitionsim compare"):
        of(alone)
    BROKEN["no-baseline"] = "here"


@pytest.mark.parametrize(("inputs", "refused"), [(19, True), (20, False)])
def test_fewer_than_twenty_seeds(inputs: int, refused: bool) -> None:
    found = of(claimed.made_up(500.0, inputs=inputs))
    assert ("few-seeds" in keys(refusals_of_claim(found.claim, Asked(), (), NOTHING))) is refused
    BROKEN["few-seeds"] = "here"


def test_an_interval_over_seeds_alone(tmp_path: Path) -> None:
    fixed = claimed.claimed(claimed.comparison(tmp_path / "fixed", draws=0, seeds=24))
    assert "seeds-only" in keys(fixed.refusals(now()))
    for inputs, refused in ((9, True), (10, False)):
        found = of(claimed.made_up(500.0, inputs=inputs, seeds=3))
        assert ("seeds-only" in keys(found.refusals(now()))) is refused
    BROKEN["seeds-only"] = "here"


def priced(effect: float, grade: str):
    """A sweep in which 1 million euros go with so many losses avoided."""
    values = [{"carries": float(n % 17)} for n in range(60)]

    def formula(arm, draw, name, year):
        if name == "euros_spent":
            return 1e6 if arm.label == "fast" else 0.0
        moved = 20.0 * (draw.values["carries"] - 8.0) if arm.label == "fast" else 0.0
        return 1000.0 - (effect if arm.label == "fast" else 0.0) + moved + fake_sweep.noise(draw.number)

    sweep = fake_sweep.sweep(
        formula, arms=fake_sweep.arms("fast"), draws=fake_sweep.draws(60, 1, values),
        indicators=("involuntary_losses", "losses_avoided", "euros_spent"), swept=(Swept("carries", "0 to 16", grade),),
    )  # fmt: skip
    return claimed.source_of(sweep)


def test_a_ratio_whose_denominator_spans_zero() -> None:
    for effect, grade, refused in ((3.0, "B", True), (500.0, "B", False), (500.0, "D", True)):
        found = of(priced(effect, grade), Asked(price=True))
        assert ("ratio" in keys(found.refusals(now()))) is refused, (effect, grade)
        if not refused:
            assert found.price is not None
            assert found.price.low < 1e6 / 500 < found.price.high
    BROKEN["ratio"] = "here"


def test_a_ranking_without_intervals() -> None:
    few = of(claimed.made_up(500.0, inputs=4), Asked(ranks=True))
    assert "ranking" in keys(few.refusals(now()))
    many = of(claimed.made_up(500.0), Asked(ranks=True))
    assert "ranking" not in keys(many.refusals(now()))
    BROKEN["ranking"] = "here"


def test_a_table_that_was_altered(copied: Callable[..., Path]) -> None:
    place = copied()
    content = (place / "comparison.csv").read_bytes()
    (place / "comparison.csv").write_bytes(content.replace(b"1", b"2", 1))
    (place / "indicators.parquet").unlink()
    found = [str(one) for one in refusals_of_source(read_source(place), now()) if one.key == "altered"]
    assert any("comparison.csv was altered" in one for one in found)
    assert any("indicators.parquet is missing" in one for one in found)
    BROKEN["altered"] = "here"


def test_a_direction_needs_a_placebo() -> None:
    source = claimed.made_up(500.0)
    arms = tuple(arm for arm in source.plan.arms if arm.role != "placebo")
    found = of(replace(source, sweep=replace(source.sweep, plan=replace(source.plan, arms=arms))))
    assert any(one.found.startswith("no placebo was run") for one in found.refusals(now()) if one.key == "direction")
    BROKEN["direction"] = "here"


def test_words_of_users_are_refused_nothing() -> None:
    source = claimed.made_up(500.0)
    law = {"electrification": {"legal_status": "adopted; it has been verified that this will save 4,200 jobs"}}
    source = replace(source, scenarios=dict.fromkeys(source.scenarios, law))
    found = of(source, Asked(title="The best plan wi\u200bll save 4,200 jobs"))
    assert found.refusals(now()) == ()


def test_a_profile_of_ones_own_is_told_in_the_sentence(tmp_path: Path) -> None:
    source = read_source(claimed.comparison(tmp_path / "own"))
    (tmp_path / "own" / "region.yaml").write_bytes((PROFILES / "ES22.yaml").read_bytes())
    assert "figures of “Navarra” (ES22, by a profile of one's own)," in of(source).statement


def test_a_sweep_without_digests_is_not_read_as_whole(tmp_path: Path, monkeypatch) -> None:
    remade.clean(monkeypatch)
    folder = remade.sweep(tmp_path / "out")
    about = json.loads((folder / "manifest.json").read_text())
    del about["files"]
    (folder / "manifest.json").write_text(json.dumps(about))
    with pytest.raises(InputError, match="its table is damaged and its parts are gone"):
        read_source(folder)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"code": None}, "does not say by which code"),
        ({"code": {"sources": "0" * 64, "dirty": False}}, "made by other code"),
    ],
)
def test_another_version_or_other_code(copied: Callable[..., Path], changes: dict, said: str) -> None:
    found = list(refusals_of_source(read_source(copied(**changes)), now()))
    assert any(said in one.found for one in found if one.key == "other-version")
    BROKEN["other-version"] = "here"


def test_a_dirty_working_tree_marks_a_page_and_does_not_forbid_it(copied: Callable[..., Path]) -> None:
    about = {**code().plain(), "dirty": True}
    found = {one.key: one for one in refusals_of_source(read_source(copied(code=about)), now())}
    assert found["dirty"].only_marks
    about["dirty"] = False
    assert "dirty" not in keys(refusals_of_source(claimed.source_of(claimed.made_up(1.0).sweep, code=about), now()))
    BROKEN["dirty"] = "here"


def test_a_scenario_that_was_planned_and_is_not_shown() -> None:
    source = claimed.made_up(500.0)
    kept = source.sweep.values[source.sweep.values["scenario"] != fake_sweep.PAID]
    hidden = replace(source, sweep=replace(source.sweep, values=kept))
    found = [one for one in refusals_of_source(hidden, now()) if one.key == "hidden"]
    assert [one.found for one in found] == ["planned and not in the table: paid"]
    assert "hidden" not in keys(refusals_of_source(source, now()))
    some = source.sweep.values
    some = some[(some["scenario"] != fake_sweep.PAID) | (some["draw"] > 2)]
    fewer = replace(source, sweep=replace(source.sweep, values=some))
    found = [one for one in refusals_of_source(fewer, now()) if one.key == "hidden"]
    assert [one.found for one in found] == ["3 of 240 draws of paid are not in the table and did not fail"]
    lost = tuple(Failure(draw, draw, fake_sweep.PAID, "month 1", "a rule") for draw in range(3))
    failed = replace(fewer, sweep=replace(fewer.sweep, failures=lost))
    assert "hidden" not in keys(refusals_of_source(failed, now()))
    assert "hidden" not in keys(refusals_of_source(replace(fewer, failed=3), now())), (
        "of which the number alone is kept"
    )
    BROKEN["hidden"] = "here"


def test_a_sweep_that_has_not_finished() -> None:
    source = claimed.made_up(500.0)
    assert "unfinished" in keys(refusals_of_source(replace(source, sweep=replace(source.sweep, complete=False)), now()))
    BROKEN["unfinished"] = "here"


def test_every_refusal_says_a_way_out(tmp_path: Path) -> None:
    worst = claimed.claimed(
        claimed.comparison(tmp_path / "worst", draws=0, seeds=2), asked=Asked(ranks=True, price=True)
    )
    found = worst.refusals(replace(code(), version="9.9.9"))
    assert len(found) >= 6
    assert all(one.way_out and one.found for one in found)
    assert len(found) == len(set(found))


def test_the_price_needs_an_interval() -> None:
    found = of(claimed.made_up(500.0, grade="B"))
    many = np.full(40, 3.0)
    for avoided, spent, said in (
        (np.array([-1.0, 2.0, 3.0]), np.ones(3), "spans zero"),
        (np.array([-1.0, *many]), np.ones(41), "not every draw avoids"),
        (many, np.array([0.0, *many[1:]]), "not every draw spends"),
        (np.zeros(0), np.zeros(0), "were not kept"),
    ):
        refused = refusals_of_claim(found.claim, Asked(price=True), (), (avoided, spent))
        assert any(said in one.found for one in refused if one.key == "ratio")
    refused = refusals_of_claim(found.claim, Asked(price=True), (), (many, many))
    assert "ratio" not in keys(refused)


def test_every_rule_was_broken_once() -> None:
    """The tests above break each rule on purpose; this one stands last."""
    if BROKEN:
        assert set(KEYS) == set(BROKEN)
