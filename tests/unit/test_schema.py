"""Dates, paths, policies and digests of a scenario; setting single values; the schema for editors."""

import json
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transitionsim.columns import POWERTRAINS
from transitionsim.dated import Claims, Dated, DatedMix, Mix
from transitionsim.errors import InputError
from transitionsim.experiments.design import Arm
from transitionsim.experiments.planning import comparison_design
from transitionsim.months import Month
from transitionsim.policies import kinds
from transitionsim.regions import region_codes, settable
from transitionsim.scenario import Scenario, load_scenario
from transitionsim.scenario.editors import file_schema
from transitionsim.scenario.names import scenario_names

START = Month.parse("2025-01")
MIX = {
    2025: {"bev": 0.2, "phev": 0.1, "hev": 0.3, "ice": 0.4},
    "2026-01": {"bev": 0.8, "phev": 0.1, "hev": 0.1, "ice": 0.0},
}


@given(st.integers(1900, 2200), st.integers(1, 12))
def test_a_month_reads_what_it_writes(year, month):
    text = f"{year:04d}-{month:02d}"
    found = Month.parse(text)
    assert str(found) == f"{found}" == text
    assert (found.year, found.month) == (year, month)
    assert Month.parse(found) == found


def test_a_year_means_january_and_differences_are_months():
    assert Month.parse(2030) == Month.parse("2030") == Month.parse("2030-01")
    assert Month.parse("2031-03") - Month.parse("2030-12") == 3
    assert repr(Month.parse(2030)) == "Month.parse('2030-01')"


@pytest.mark.parametrize("written", ["2025-0", "2025-13", "25-01", "2025/01", True, 2025.0, None, "１２３４"])
def test_what_is_not_a_month(written):
    with pytest.raises(ValueError, match="is not a month; write it as 2025-01"):
        Month.parse(written)


def test_paths_are_linear_between_dates_and_flat_outside():
    path = Dated.model_validate({"2026-01": 2.0, "2025-01": 1.0})
    assert path.monthly(START, 25)[[0, 6, 12, 24]] == pytest.approx([1.0, 1.5, 2.0, 2.0])
    assert path.monthly(Month.parse("2020-01"), 2).tolist() == [1.0, 1.0]


def test_pace_runs_along_the_path_from_the_start_month():
    path = Dated.model_validate({2025: 1.0, 2026: 2.0})
    assert path.monthly(START, 7, pace=2.0)[[0, 3, 6]] == pytest.approx([1.0, 1.5, 2.0])
    assert (path.monthly(START, 50, pace=0.0) == 1.0).all()
    assert str(path.extrapolated_from(START, 50)) == "2026-02"
    assert str(path.extrapolated_from(START, 50, pace=2.0)) == "2025-08"
    assert path.extrapolated_from(START, 13) is None


def test_a_mix_has_a_column_for_each_powertrain_and_sums_to_one():
    mix = DatedMix.model_validate(MIX).monthly(START, 20, pace=1.3)
    assert mix.shape == (20, len(POWERTRAINS))
    assert mix[0].tolist() == [MIX[2025][name] for name in POWERTRAINS]
    assert mix.sum(axis=1) == pytest.approx(np.ones(20))
    assert str(DatedMix.model_validate(MIX).extrapolated_from(START, 20)) == "2026-02"


def test_mixes_name_the_powertrains_in_the_order_of_the_model():
    assert tuple(Mix.model_fields) == tuple(Claims.model_fields) == POWERTRAINS


def test_no_transition_freezes_the_mix_of_its_first_month():
    frozen, moving = load_scenario("no-transition"), load_scenario("current-policy")
    shares = frozen.electrification.mix.monthly(frozen.start, frozen.months)
    assert (shares == shares[0]).all()
    assert shares[0].tolist() == moving.electrification.mix.monthly(moving.start, 1)[0].tolist()


def test_shipped_scenarios_are_as_fast_as_their_names_say():
    battery = {}
    for name in ("slow", "current-policy", "fast"):
        scenario = load_scenario(name)
        battery[name] = scenario.electrification.mix.monthly(scenario.start, scenario.months)[
            :, POWERTRAINS.index("bev")
        ]
    assert (battery["slow"] <= battery["current-policy"] + 1e-12).all()
    assert (battery["current-policy"] <= battery["fast"] + 1e-12).all()


def test_policies_of_shipped_scenarios_differ_from_the_baseline_by_policies_only():
    baseline = load_scenario("current-policy")
    for name in ("reskilling", "sme-support", "reskilling-and-sme-support"):
        scenario = load_scenario(name)
        assert scenario.policies
        assert scenario.model_copy(update={"policies": ()}).digest() == baseline.digest()


def test_a_policy_is_in_force_from_its_first_to_its_last_month():
    policy = load_scenario("reskilling").policies[0]
    force = policy.in_force(START, 192)
    assert force.sum() == policy.to - policy.from_ + 1 == 84
    assert not force[policy.from_ - START - 1]
    assert force[policy.from_ - START]
    assert force[policy.to - START]


def test_every_policy_module_is_found_by_its_kind():
    assert all(kind == policy.word() for kind, policy in kinds().items())


def test_the_digest_is_of_what_can_change_a_result():
    scenario = load_scenario("reskilling")
    assert scenario.digest() == load_scenario(scenario.source_path).digest()
    assert scenario.with_values({}).digest() == scenario.digest()
    assert scenario.with_values({"name": "Other"}).digest() == scenario.digest()
    assert scenario.with_values({"months": 24}).digest() != scenario.digest()
    assert scenario.with_values({"policies.reskilling.budget": 1}).digest() != scenario.digest()
    assert len({load_scenario(name).digest() for name in scenario_names()}) == len(scenario_names())


def test_writing_and_reading_a_scenario_gives_it_back():
    scenario = load_scenario("reskilling-and-sme-support")
    again = Scenario.model_validate(json.loads(json.dumps(scenario.written())))
    assert again.digest() == scenario.digest()


def test_single_values_are_set_by_name():
    scenario = load_scenario("reskilling").with_values(
        {
            "persons_per_agent": 5,
            "firing.look_ahead_months": 3,
            "parameters.firing.speed": 0.5,
            "labour_content": "less",
            "electrification.pace": 1.2,
            "mechanisms.training": False,
            "start": "2026-01",
            "demand.volume.2030": 0.9,
            "policies.reskilling.budget": 6_000_000,
            "policies.reskilling.duration_months": 6,
        }
    )
    assert scenario.persons_per_agent == 5
    assert scenario.parameters == {"firing.look_ahead_months": 3, "firing.speed": 0.5}
    assert scenario.register().value("firing.look_ahead_months") == 3
    assert scenario.register().value("labour_content") == "less"
    assert scenario.electrification.pace == 1.2
    assert not scenario.mechanisms.training
    assert scenario.mechanisms.ageing
    assert scenario.at(13) == Month.parse("2027-02")
    assert list(scenario.demand.volume.root.values()) == [1.0, 0.9]
    policy = scenario.policy("reskilling")
    assert policy.budget.value == 6_000_000
    assert (policy.duration_months.source, policy.duration_months.grade) == ("own value", "D")
    assert scenario.policy("sme-support") is None


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("electrification.paec", 1, "electrification.paec: unknown key; did you mean 'pace'?"),
        ("xyzzy.x", 1, "xyzzy.x: unknown key; allowed are 'calibration', 'demand', 'electrification'"),
        ("firing.sped", 1, "firing.sped: unknown key; did you mean 'firing.speed'?"),
        ("firing.speed", 9, "parameters.firing.speed: found 9; 0.2 to 1 is allowed (share a month)"),
        ("months", 0, "months: found 0; at least 1 is needed"),
        ("months.x", 0, "months.x: 'x' does not exist here"),
        ("start", "2025-13", "start: '2025-13' is not a month; write it as 2025-01"),
        (
            "electrification.mix.2030.bev",
            0.9,
            "electrification.mix.2030-01: shares sum to 1.33, they must sum to 1",
        ),
        (
            "electrification.mix.soon",
            1,
            "electrification.mix.soon: 'soon' is not a month; write it as 2025-01",
        ),
        (
            "policies.reskiling.budget",
            1,
            "policies.reskiling.budget: no policy 'reskiling'; did you mean 'reskilling'?",
        ),
        ("policies.reskilling", 1, "policies.reskilling: is a whole policy; name one of its keys"),
        (
            "policies.reskilling.budget",
            -1,
            "policies.reskilling.budget: value is -1; at least 0 is needed (EUR/year)",
        ),
    ],
)
def test_a_setting_that_does_not_fit_is_one_sentence(key, value, expected):
    with pytest.raises(InputError) as caught:
        load_scenario("reskilling").with_values({key: value})
    assert any(str(mistake).startswith(f"--set: {expected}") for mistake in caught.value.mistakes)


def test_a_draw_leaves_alone_what_the_scenario_sets_itself():
    own = load_scenario("fast").with_values({"firing.look_ahead_months": 2, "labour_content": "more"})
    for number in range(8):
        drawn = own.with_draw(number)
        assert drawn.parameters["firing.look_ahead_months"] == 2
        assert drawn.labour_content == "more"
        assert drawn.parameters["search.mobility"] == own.load_region().register.draw(number)["search.mobility"]
    other = load_scenario("slow")
    assert {other.with_draw(number).labour_content for number in range(20)} == {"less", "equal", "more"}


def test_an_out_of_range_parameter_in_python_is_refused():
    with pytest.raises(ValueError, match="0 to 12 is allowed"):
        Scenario.model_validate({**load_scenario("fast").written(), "parameters": {"firing.look_ahead_months": 99}})


def test_a_scenario_travels_between_processes():
    scenario = load_scenario("reskilling").with_draw(3)
    there = pickle.loads(pickle.dumps((scenario, scenario.load_region(), scenario.register())))
    assert there[0].digest() == scenario.digest()
    assert there[0].source_path == scenario.source_path
    assert there[1].register.value("firing.speed") == scenario.load_region().register.value("firing.speed")
    assert there[2].value("search.mobility") == scenario.parameters["search.mobility"]


def test_without_a_policy_module_its_kind_is_unknown_and_the_rest_works(monkeypatch):
    others = {kind: policy for kind, policy in kinds().items() if kind != "reskilling"}
    monkeypatch.setattr("transitionsim.policies.kinds", lambda: others)
    assert load_scenario("current-policy").policies == ()
    with pytest.raises(InputError, match=r"policies.reskilling.kind: no policy 'reskilling'; allowed are"):
        load_scenario("reskilling")


def references(value):
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "$ref":
                yield inner
            yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


def test_the_schema_for_editors_is_whole():
    schema = json.loads(json.dumps(file_schema()))
    assert schema["$schema"].endswith("2020-12/schema")
    assert {"extends", "region", "policies", "electrification"} <= schema["properties"].keys()
    for reference in references(schema):
        assert reference.startswith("#/$defs/")
        assert reference.removeprefix("#/$defs/") in schema["$defs"]
    assert schema["then"]["required"] == ["region", "start", "electrification"]
    assert schema["$defs"]["reskilling"]["properties"]["kind"]["const"] == "reskilling"
    assert schema["additionalProperties"] is False


@pytest.mark.parametrize("code", region_codes())
def test_both_ends_of_every_varied_range_may_be_drawn_in_every_region(code: str) -> None:
    """A country may give a wider range than a scenario may set: draws stay within what it may."""
    scenario = load_scenario("current-policy").with_values({"region": code})
    free = [settable(one) for one in scenario.load_region().register.values() if one.swept]
    for luck in (0.0, 0.999999):
        drawn = scenario.with_values({one.key: one.at(luck) for one in free})
        assert drawn.register()["short_time.most_months"].value == drawn.parameters["short_time.most_months"]
    draws = comparison_design(Arm("a", scenario), [], draws=30).draws
    longest = max(draws, key=lambda draw: draw.values["short_time.most_months"])
    assert scenario.with_values(dict(longest.values))
