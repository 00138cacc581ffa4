"""Regret by hand: what each policy is worse by than the best of the same future."""

from __future__ import annotations

import json
from dataclasses import replace

import fake_sweep as fake
import pytest
from test_compare_sweep import run

from transitionsim.errors import InputError
from transitionsim.experiments.contrasts import measured
from transitionsim.experiments.regret import outcome_of, regret, regret_text

LOST = {fake.NOW: [100, 100, 100, 100], "paid": [90, 90, 90, 140], "fast": [100, 95, 80, 150]}
EUROS = {fake.NOW: 0.0, "paid": 5e8, "fast": 1e8}


def by_hand(arm, draw, name, year) -> float:
    """Losses of four futures, the third policy best in one of them; euros do not vary."""
    if name == "euros_spent":
        return EUROS.get(arm.label, 0.0)
    return float(LOST.get(arm.label, [500] * 4)[draw.number])


def swept(keys=("involuntary_losses", "euros_spent"), **more):
    return fake.sweep(by_hand, arms=fake.arms("paid", "fast"), draws=fake.draws(4, 1), indicators=keys, **more)


def test_regrets_are_those_counted_by_hand() -> None:
    table = regret(measured(swept()), "involuntary_losses").set_index("scenario")
    assert table["median"].to_dict() == {fake.NOW: 10.0, "paid": 5.0, "fast": 7.5}
    assert table["largest"].to_dict() == {fake.NOW: 20.0, "paid": 40.0, "fast": 50.0}
    assert table["best_in"].to_dict() == {fake.NOW: 0.25, "paid": 0.5, "fast": 0.25}
    assert table["euros"].to_dict() == EUROS
    assert table.index[0] == fake.NOW
    assert table["p90"].is_monotonic_increasing


def test_losses_and_losses_avoided_regret_the_same() -> None:
    found = measured(swept(("involuntary_losses", "losses_avoided")))
    numbers = ["scenario", "median", "p90", "largest", "best_in"]
    lost, avoided = regret(found, "involuntary_losses"), regret(found, "losses_avoided")
    assert lost[numbers].equals(avoided[numbers])


def test_equally_good_policies_are_all_best_and_some_policy_always_is() -> None:
    same = fake.sweep(lambda *_: 4.0, arms=fake.arms("paid"), draws=fake.draws(3, 1))
    table = regret(measured(same), "involuntary_losses")
    assert (table["best_in"] == 1.0).all()
    assert (table["largest"] == 0.0).all()
    assert regret(measured(swept()), "involuntary_losses")["best_in"].sum() >= 1.0


def test_only_futures_that_all_policies_finished_count() -> None:
    table = regret(measured(swept(without=[("paid", 3)])), "involuntary_losses")
    assert set(table["futures"]) == {3}
    assert table.set_index("scenario").loc["paid", "largest"] == 10.0
    nothing = measured(swept(without=[("paid", 0), ("paid", 1), ("fast", 2), (fake.NOW, 3)]))
    with pytest.raises(InputError, match="no draw was finished by all"):
        regret(nothing, "involuntary_losses")


def test_an_outcome_without_better_or_worse_is_refused() -> None:
    found = measured(swept(("hires", "involuntary_losses")))
    assert outcome_of(found, None) == "involuntary_losses"
    with pytest.raises(InputError, match="a better and a worse"):
        outcome_of(found, "hires")
    alone = fake.sweep(lambda *_: 1.0, arms=fake.arms(), draws=fake.draws(2, 1))
    with pytest.raises(InputError, match="two policies or more"):
        regret(measured(alone), "involuntary_losses")


def test_the_command_prints_and_writes_the_table(tmp_path, capsys, monkeypatch) -> None:
    folder = fake.place(monkeypatch, swept(), tmp_path / "sweep")
    assert run("analyse", "regret", str(folder)) == 0
    out = capsys.readouterr().out
    assert "over 4 futures that all policies share" in out
    assert "500" in next(line for line in out.splitlines() if line.startswith("paid"))
    assert (folder / "analysis" / "regret.csv").read_text().startswith("scenario,futures,median,p90")
    assert run("analyse", "regret", str(folder), "--json", "--outcome", "involuntary_losses") == 0
    assert len(json.loads(capsys.readouterr().out)["regret"]) == 3
    assert "100" in regret_text(regret(measured(swept()), "involuntary_losses"), "losses")


def test_levers_that_nobody_chooses_are_part_of_the_future() -> None:
    """Pace does harm and funding helps: of the fundings the larger is best in every future, whatever the pace."""
    points = {f"{pace}/{euros}": {"pace": pace, "funding": euros} for pace in (1, 2) for euros in (0, 5)}

    def harm(arm, draw, name, year) -> float:
        return 100.0 * arm.levers.get("pace", 1) - arm.levers.get("funding", 0) + fake.noise(1, draw.number)

    sweep = fake.sweep(harm, arms=fake.arms(levers=points), draws=fake.draws(6, 1))
    sweep = replace(sweep, plan=replace(sweep.plan, futures=("pace",)))
    table = regret(measured(sweep), "involuntary_losses")
    assert table["scenario"].tolist() == ["funding=5", "funding=0"]
    assert table["best_in"].tolist() == [1.0, 0.0]
    assert table["futures"].tolist() == [12, 12]
    assert table["largest"][1] == pytest.approx(5)
