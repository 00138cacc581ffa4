"""Indicators: each on a record made by hand with a value worked out by hand, and what every one of them promises."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import fake_model as fake
import numpy as np
import pandas as pd
import pytest

from transitionsim.breakdowns import FirmsAtEnd
from transitionsim.cli import main
from transitionsim.cli.carrying import Running, carry_out
from transitionsim.experiments.design import Arm
from transitionsim.experiments.displacement import Displacement
from transitionsim.experiments.indicated import contrasts
from transitionsim.experiments.planning import comparison_design, single_design
from transitionsim.experiments.running import run_design
from transitionsim.histories import COMPARISON, DISPLACED, no_earnings
from transitionsim.indicators import ALL, INDICATORS, Arms, Record
from transitionsim.indicators.record import by_year, last_months
from transitionsim.series import BY_NAME

BY_CODE = {one.code: one for one in INDICATORS}
PLACES = {
    "tier": ("vehicle plant", "tier 1 supplier", "tier 2 supplier", "tier 3 supplier"),
    "size": ("micro", "small", "medium", "large"),
    "age": ("young", "old"),
    "profile": ("a", "b"),
    "instrument": ("grant", "guarantee", "advice"),
    "participant": ("all", "unemployed"),
    "policy": ("reskilling", "sme-support"),
}
START = 2025 * 12


class Strict(dict):
    """Series and tables of which only some may be read."""

    def __init__(self, content, allowed):
        super().__init__({name: content[name] for name in content if name in allowed})


def record(months=24, tables=None, firms=None, earnings=None, **series):
    """A record of some months; series are given as one number for all months, or as a list."""
    found = {name: np.zeros(months, np.int64) for name in BY_NAME}
    for name, values in series.items():
        assert name in BY_NAME, name
        found[name] = np.broadcast_to(np.array(values), (months,)).copy()
    made = {name: np.array(values, dtype=np.float64) for name, values in (tables or {}).items()}
    return Record(START, months, found, made, PLACES, firms, earnings)


def value(code, run, **arms):
    """Return an indicator's values on records that hold nothing but what it says it needs."""
    one = BY_CODE[code]

    def strict(whole):
        series, tables = Strict(whole.series, one.needs), Strict(whole.tables, one.tables)
        parts = whole.firms, whole.earnings, whole.displacement
        return Record(whole.start, whole.months, series, tables, whole.places, *parts)

    return one.function(Arms(strict(run), **{name: strict(arm) for name, arm in arms.items()}))


def test_k01_counts_dismissals_closures_and_contracts_not_renewed():
    tables = {
        "automotive_losses_by_tier": [[10, 20, 30, 0], [1, 2, 3, 0]],
        "automotive_losses_by_size": [[0, 0, 0, 60], [6, 0, 0, 0]],
        "automotive_losses_by_age": [[60, 0], [0, 6]],
    }
    run = record(tables=tables, dismissals=1, closures=[36] + 23 * [0], temporary_not_renewed=[0] * 23 + [6])
    found = value("K01", run)
    assert (found[ALL], found["dismissals"], found["closures"], found["temporary not renewed"]) == (66, 24, 36, 6)
    assert (found["tier: tier 2 supplier"], found["size: micro"], found["age: old"]) == (33, 6, 6)


def test_k02_takes_each_denominator_from_its_own_start():
    run = record(
        months=3,
        employment_automotive=[95, 96, 90],
        retirements=[8, 0, 6],
        hires_automotive_from_jobs=[3, 1, 0],
        employment_combustion=[50, 48, 44],
        employment_projects=[0, 5, 20],
        employment_aftermarket=[100, 99, 98],
    )
    # Before the first month: 95 + 8 - 3 = 100.
    assert value("K02", run) == {"C29": -10, "combustion powertrain": -6, "C29, 27 and G45": -10 + 20 - 2}


def test_k03_is_what_the_baseline_loses_and_the_scenario_does_not():
    assert value("K03", record(dismissals=2), baseline=record(dismissals=3, closures=1)) == {ALL: 48}


def test_k04_counts_only_months_below_no_transition():
    null = record(employment_automotive=100)
    assert value("K04", record(employment_automotive=[88] * 12 + [200] * 12), null=null) == {ALL: 12}


def test_k05_is_the_worst_twelve_months():
    lost = [0] * 6 + [2] * 12 + [0] * 6
    assert value("K05", record(employment_automotive=200, dismissals=lost)) == {ALL: 12}
    assert np.isnan(value("K05", record(months=11, employment_automotive=200, dismissals=5))[ALL])


def test_k06_is_what_attrition_took_at_the_firms_that_shrank():
    def firms(posts, lost):
        key, whole = np.arange(3, dtype=np.uint64), np.zeros(3, np.int64)
        return FirmsAtEnd(key, whole, whole > 0, np.array(posts), np.array(lost))

    null = record(firms=firms([100, 50, 20], [5, 5, 0]))
    # The first two firms lost 120 posts less... the third grew, and what it lost does not count.
    assert value("K06", record(firms=firms([40, 30, 30], [20, 10, 9])), null=null) == {ALL: 75}
    assert np.isnan(value("K06", null, null=null)[ALL])


def test_k07_counts_people_in_training_too():
    people = {"employment": 100, "commuters": 10, "unemployed": 6, "in_training": 4}
    run = record(**people, long_term_unemployed=2, long_term_in_training=3)
    assert value("K07", run) == {ALL: 5}


def test_k08_leaves_out_those_displaced_too_late_to_be_seen():
    run = record(
        displaced=[10] * 24, displaced_employed_12m=[0] * 12 + [8] * 12, displaced_employed_18m=[0] * 18 + [9] * 6
    )
    found = value("K08", run)
    assert (found["after 12 months"], found["after 18 months"]) == (80, 90)
    run = record(
        displaced=[10] * 24,
        displaced_employed_12m=[0] * 12 + [8] * 12,
        displaced_long_held=[4] * 24,
        displaced_long_held_employed_12m=[0] * 12 + [3] * 12,
    )
    found = value("K08", run)
    assert (found["long-held, after 12 months"], found["others, after 12 months"]) == (75, pytest.approx(500 / 6))
    short = value("K08", record(months=6, displaced=3))
    assert all(np.isnan(share) for share in short.values())


def test_k09_compares_with_the_same_cell_of_no_transition():
    arm, null = no_earnings(1), no_earnings(1)
    arm.months[DISPLACED, 3, :2], arm.earned[DISPLACED, 3, :2] = 10, (50_000, 80_000)
    null.months[COMPARISON, 3, :2], null.earned[COMPARISON, 3, :2] = 20, 200_000
    null.months[COMPARISON, 5, :2], null.earned[COMPARISON, 5, :2] = 20, 1_000
    found = value("K09", record(earnings=arm), null=record(earnings=null))
    assert found["year 0"] == pytest.approx(50)
    assert found["year 1"] == pytest.approx(20)
    assert found[ALL] == pytest.approx(35)


def test_k10_is_who_left_on_notice():
    assert value("K10", record(displaced=8, displaced_job_to_job=2)) == {ALL: 25}


def test_k11_is_measured_on_the_people_of_the_first_month():
    people = {"employment": 60, "commuters": 10, "unemployed": 20, "in_training": 10, "inactive": 20}
    assert value("K11", record(moved_away=[1] * 12 + [0] * 12, came_back=[0] * 17 + [1] * 7, **people)) == {ALL: 5}


def test_k12_and_k13_are_shares_by_profile_and_in_all():
    tables = {
        "skill_gap": [[0, 0], [10, 0]],
        "profile_posts": [[1, 1], [40, 60]],
        "skill_surplus": [[0, 0], [0, 30]],
        "skill_supply": [[1, 1], [30, 90]],
    }
    assert value("K12", record(tables=tables)) == {ALL: 10, "profile: a": 25, "profile: b": 0}
    found = value("K13", record(tables=tables))
    assert found[ALL] == 25
    assert found["profile: b"] == pytest.approx(100 / 3)


def test_k15_has_both_readings():
    people = {"employment": 1000, "unemployed": 200, "in_training": 0, "commuters": 200, "employment_automotive": 100}
    trained = [5] * 12 * 8
    run = record(96, trained_this_year_automotive=trained, trained_this_year=50, **people)
    found = value("K15", run)
    assert (found["automotive staff, a year"], found["automotive staff, seven years together"]) == (5, 35)
    assert (found["labour force, a year"], found["labour force, seven years together"]) == (5, 35)
    assert np.isnan(value("K15", run.until(11))["labour force, a year"])


def test_k16_to_k19_follow_people_through_a_course():
    run = record(
        trainees_enrolled=2,
        trainees_enrolled_in_gap=1,
        in_course=8,
        trainees_completed=1,
        trainees_left_for_job=[1] * 4 + [0] * 20,
        trainees_completed_employed=[1] * 6 + [0] * 18,
        trainees_6_months_after=[0] * 12 + [1] * 12,
        trainees_6_months_after_employed=[0] * 15 + [1] * 9,
        tables={"participants": [[30, 20], [18, 10]]},
    )
    assert value("K16", run) == {ALL: 50}
    assert value("K17", run) == {"all": 48, "unemployed": 30}
    assert value("K18", run) == {ALL: 60}  # 24 of 48 - 8
    assert value("K19", run) == {
        "on leaving": 25,  # (6 + 4) of 48 - 8
        "on leaving, of those who completed": 25,
        "6 months after, of those who completed": 75,
    }


def test_k22_counts_vacancies_that_a_course_could_serve():
    tables = {
        "profile_vacancies": [[30, 10], [40, 20]],
        "course_places": [[5, 0], [5, 0]],
        "course_enrolments": [[0, 0], [0, 3]],
    }
    assert value("K22", record(tables=tables)) == {ALL: 90}


def test_k23_to_k25_count_what_is_supported():
    firms = [np.zeros((4, 3)), [[2, 1, 0], [0, 0, 1], [0, 0, 0], [0, 0, 0]]]
    run = record(
        supported_jobs=90, supported_jobs_before=100, private_investment_cents=12_300, tables={"supported_firms": firms}
    )
    found = value("K23", run)
    assert (found[ALL], found["size: micro"], found["instrument: advice"]) == (4, 3, 1)
    assert value("K24", run) == {ALL: -10}
    assert value("K25", run) == {ALL: 123}


def test_k24a_is_against_the_same_firms_without_support():
    """A firm is found by its key, and one that the baseline supports too adds nothing."""

    def firms(keys, staff, supported):
        whole = np.zeros(len(keys), np.int64)
        return FirmsAtEnd(np.array(keys, np.uint64), np.array(staff), np.array(supported), whole, whole)

    run = record(firms=firms([7, 8, 9], [50, 60, 70], [True, True, False]))
    baseline = record(firms=firms([9, 8, 7], [99, 10, 44], [False, True, False]))
    assert value("K24a", run, baseline=baseline) == {ALL: 6}


def test_k28_counts_what_is_left_of_the_dependent():
    assert value("K28", record(suppliers_diversified=3, suppliers_dependent=12)) == {ALL: 25}


def test_k29_sets_the_lower_tiers_beside_the_upper():
    name = "automotive_employment_by_tier"
    found = value(
        "K29",
        record(tables={name: [[0] * 4, [90, 80, 70, 60]]}),
        null=record(tables={name: [[0] * 4, [100, 100, 100, 100]]}),
    )
    assert (found["plants and tier 1"], found["tiers 2 and 3"], found["tier: tier 3 supplier"]) == (30, 70, 40)


def test_k30_and_k31_are_by_policy():
    tables = {
        "policy_paid_cents": [[0, 0], [5_000, 0]],
        "policy_granted_cents": [[0, 0], [10_000, 10_000]],
        "policy_returned_cents": [[0, 0], [2_500, 10_000]],
    }
    run = record(tables=tables)
    assert value("K30", run) == {ALL: 25, "policy: reskilling": 50, "policy: sme-support": 0}
    assert value("K31", run) == {ALL: 125, "policy: reskilling": 25, "policy: sme-support": 100}


def test_k32_is_a_pair():
    run = record(months=12, spent_cents=900_000, benefits_cents=100_000, income_tax_cents=50_000, closures=1)
    baseline = record(months=12, benefits_cents=300_000, closures=3)
    found = value("K32", run, baseline=baseline)
    assert found == {"cost of policies": 9_000, "cost to the public purse": 6_500, "losses avoided": 24}


def test_k20_is_the_effect_on_participants_less_what_others_lose():
    """Ten participants, twelve months each: 90 worked, 60 they would have worked anyway, 20 others lose."""
    found = Displacement(10, 30.0, -20.0, -6.0, (), months_since=120.0, employed_since=90.0, twins_employed_since=60.0)
    assert value("K20", replace(record(), displacement=found), baseline=record()) == {
        ALL: pytest.approx(100 * 10 / 120),
        "in employment": 75.0,
        "deadweight": 50.0,
        "effect on participants": 25.0,
        "displacement": pytest.approx(100 * 20 / 120),
        "placebo floor": 5.0,
    }
    nobody = Displacement(0, 0.0, 0.0, 0.0, ())
    assert value("K20", replace(record(), displacement=nobody), baseline=record()) == {}


def test_every_indicator_has_all_its_texts_and_a_test_here():
    assert len({one.code for one in INDICATORS}) == len(INDICATORS)
    wanted = {f"K{number:02d}" for number in (*range(1, 14), *range(15, 21), 22, 23, 24, 25, *range(28, 33))}
    assert {one.code for one in INDICATORS} == wanted - {"K14"} | {"K24a"}
    here = " ".join(name for name in globals() if name.startswith("test_k"))
    spans = [range(int(a), int(b or a) + 1) for a, b in re.findall(r"k(\d\d)(?:_to_k(\d\d))?", here)]
    tested = {number for span in spans for number in span}
    for one in INDICATORS:
        for text in (one.name, one.unit, one.denominator, one.source, one.meaning):
            assert len(text) >= 3, one.code
        assert one.is_not.startswith("not "), one.code
        assert one.needs or one.tables, one.code
        assert int(one.code[1:3]) in tested, one.code
        assert "Route 35 KPI" not in f"{one.source} {one.meaning} {one.name}"


def test_a_record_cut_short_is_that_of_the_shorter_run():
    tables = {"policy_returned_cents": [[100, 0], [300, 100]]}
    whole = record(tables=tables, dismissals=range(24))
    assert whole.until(12).total("dismissals") == sum(range(12))
    assert BY_CODE["K31"].function(Arms(whole.until(12)))[ALL] == 1
    assert BY_CODE["K31"].function(Arms(whole))[ALL] == 4


def test_a_year_sums_flows_and_keeps_stocks():
    lasts = last_months(START + 10, 15)
    assert lasts.tolist() == [1, 13, 14]
    values = np.arange(30).reshape(15, 2)
    assert by_year(values, lasts, flow=False).tolist() == values[lasts].tolist()
    assert by_year(values, lasts, flow=True)[:, 0].tolist() == [2, 180, 28]


SMALL = {"persons_per_agent": 20, "months": 36}
BASELINE = Arm("current-policy", fake.scenario(**SMALL))
PAID = Arm("paid", fake.scenario(seats=1.2e7, **SMALL))


def compared(*arms, simulate=fake.simulate, draws=4):
    return contrasts(
        run_design(comparison_design(BASELINE, arms, draws=draws, seeds=None), processes=1, simulate=simulate)
    )


def row(table, code, group, scenario):
    found = table[(table["code"] == code) & (table["group"] == group) & (table["scenario"] == scenario)]
    return found.iloc[0] if len(found) else None


def _avoiding(changes):
    """A simulation in which money avoids so many losses in each seed."""

    def simulate(scenario, seed, *, rules=(), careers=False):
        run = fake.simulate(scenario, seed, rules=rules)
        paid = any(policy.id == "reskilling" for policy in scenario.policies)
        for name in ("dismissals", "closures", "temporary_not_renewed"):
            run.series[name] = np.zeros(scenario.months, np.int64)
        run.series["dismissals"][0] = 100 - (changes[seed % len(changes)] if paid else 0)
        return run

    return simulate


def test_no_ratio_where_the_losses_avoided_span_zero():
    unsure = compared(PAID, simulate=_avoiding([-20, 30]))
    assert row(unsure, "K32", "losses avoided", "paid")["spans_zero"]
    assert row(unsure, "K32", "ratio", "paid") is None
    sure = compared(PAID, simulate=_avoiding([20, 30]))
    found = row(sure, "K32", "ratio", "paid")
    cost = row(sure, "K32", "cost of policies", "paid")["median"]
    assert cost > 0
    assert cost / 30 <= found["p05"] <= found["p95"] <= cost / 20
    assert found["unit"] == "EUR for one loss avoided"


def test_the_share_of_draws_in_which_a_loss_avoided_is_worth_its_price_rises_with_the_price():
    table = compared(PAID, simulate=_avoiding([-20, 100, 600]), draws=6)
    shares = table[(table["code"] == "K32") & (table["unit"] == "share of draws")]["median"].tolist()
    assert shares == sorted(shares)
    assert 0 <= shares[0] < shares[-1] < 1


def test_losses_of_an_arm_stand_beside_the_background_they_are_taken_from():
    """Levels need the tables of the record; those of a stand-in without tables are left out, not guessed."""
    table = compared(PAID)
    assert "K01" not in set(table["code"])
    found = row(table, "K03", ALL, "paid")
    assert (found["against"], found["n"]) == ("current-policy", 4)
    assert set(table["role"]) <= {"baseline", "scenario"}
    assert len(set(table["interval_holds"])) == 1
    assert table[["code", "unit", "denominator", "direction", "against"]].notna().all(axis=None)
    peak = row(table, "K05", ALL, "paid")
    assert peak["against"] == "no transition"
    assert peak["background"] > 0


def test_levels_are_those_of_the_run_up_to_each_year(tmp_path):
    carry_out(tmp_path / "out", single_design(BASELINE, seeds=1), Running(processes=1, simulate=fake.simulate))
    found = pd.read_parquet(tmp_path / "out" / "indicators.parquet")
    peak = found[found["code"] == "K05"]
    assert peak["year"].tolist() == [2025, 2026, 2027]
    assert (np.diff(peak["value"]) >= 0).all(), "the worst twelve months so far can only get worse"


def test_the_command_lists_them_all(capsys):
    with pytest.raises(SystemExit) as left:
        main(
            (
                "list",
                "indicators",
            )
        )
    assert left.value.code == 0
    said = capsys.readouterr().out
    assert all(f"\n{one.code} " in said for one in INDICATORS)
    assert "a regional proposal under the Route 35 themes" in said
    with pytest.raises(SystemExit):
        main(("list", "indicators", "--json"))
    content = json.loads(capsys.readouterr().out)
    assert [one["code"] for one in content["indicators"]] == [one.code for one in INDICATORS]
    assert all(one["is_not"] and one["formula"] and one["framework"] for one in content["indicators"])
    assert content["territory"] == "the region as a whole (NUTS 2)"
    codes = {one["code"] for one in content["indicators"]} | {one["code"] for one in content["not_modelled"]}
    catalogue = {f"K{number:02d}" for number in range(1, 40)} | {f"C{number}" for number in range(1, 6)} | {"K24a"}
    assert codes == catalogue
    assert all(one["why"] for one in content["not_modelled"])
