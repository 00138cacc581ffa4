"""What a region inherits: its own evidence before its country's, its country's before what all share."""

from __future__ import annotations

import json

import numpy as np
import pytest

from transitionsim.cli import main
from transitionsim.errors import InputError
from transitionsim.evidence import SHARED
from transitionsim.regions import base_register, country_codes, load_region, read_region, region_codes
from transitionsim.regions.flows import FLOW_NAMES, least_change_flows
from transitionsim.regions.hazards import fit_pace, hazards_of, long_term_share, pace_classes
from transitionsim.regions.people import mean_career_months
from transitionsim.regions.reading import PROFILES, load_country, read_country

PROFILE = (PROFILES / "CZ08.yaml").read_text(encoding="utf-8")
COUNTRY = """\
code: CZ
name: Czechia
assumptions:
  finance.contributions: {value: 0.338, unit: share of the wage, low: 0.33, high: 0.345, grade: D, source: assumption}
"""
KEY = "finance.contributions"


def profile(tmp_path, text=PROFILE):
    path = tmp_path / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def country(tmp_path, text, name="CZ"):
    path = tmp_path / f"{name}.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def cli(capsys):
    def call(*arguments):
        with pytest.raises(SystemExit) as left:
            main(arguments)
        out, err = capsys.readouterr()
        return int(left.value.code or 0), out, err

    return call


@pytest.mark.parametrize("code", country_codes())
def test_a_shipped_country_says_source_and_grade_of_what_it_changes(code):
    found = load_country(code)
    assert found.assumptions
    assert all(value.grade is not None and value.source for value in found.assumptions.values())
    assert set(found.assumptions) <= set(base_register())


def test_every_region_lies_in_a_country_with_values_of_its_own():
    assert {load_region(code).country for code in region_codes()} == set(country_codes())


def test_the_country_stands_between_the_region_and_what_all_share(tmp_path):
    shared, national = base_register(), load_region("CZ08").register
    assert national.value(KEY) == load_country("CZ").assumptions[KEY].value != shared.value(KEY)
    assert national[KEY].source == load_country("CZ").assumptions[KEY].source
    assert national[KEY].meaning == shared[KEY].meaning
    own = f"assumptions:\n  {KEY}: {{value: 0.4, unit: share of the wage, low: 0.2, high: 0.5, grade: D, source: x}}\n"
    regional = read_region(profile(tmp_path, PROFILE + own)).register
    assert regional.value(KEY) == 0.4
    assert regional.value("people.exit_age_high") == load_country("CZ").assumptions["people.exit_age_high"].value
    assert [register.origin(KEY) for register in (shared, national, regional)] == [SHARED, "country CZ", "region CZ08"]
    assert regional.origin("firing.speed") == SHARED
    assert regional.with_overrides({KEY: 0.3}).origin(KEY) == "scenario"


def test_a_value_without_a_range_lies_in_the_one_it_inherits(tmp_path):
    own = f"assumptions:\n  {KEY}: {{value: 0.4, unit: share of the wage, grade: C, year: 2025, source: x}}\n"
    with pytest.raises(InputError, match=r"found 0.4; 0.33 to 0.345 is allowed"):
        read_region(profile(tmp_path, PROFILE + own))


def test_a_country_without_a_file_changes_nothing(tmp_path):
    """The layer switched off: every value is the shared one."""
    register = read_region(profile(tmp_path, PROFILE.replace("country: CZ", "country: XX"))).register
    assert dict(register) == dict(base_register())
    assert not register.origins


@pytest.mark.parametrize(
    ("before", "after", "line", "expected"),
    [
        (KEY, "finance.contribution", 4, "unknown parameter; did you mean 'finance.contributions'?"),
        ("unit: share of the wage", "unit: EUR", 4, "unit is 'EUR'; 'share of the wage' is needed"),
        ("code: CZ", "code: SK", 1, "code: found 'SK'; the file is CZ.yaml"),
        ("code: CZ", "code: Czechia", 1, "code: found 'Czechia'; what is needed: two-letter code of the country"),
        ("low: 0.33, high: 0.345, ", "", 4, "an assumption (grade D) needs a range"),
        ("0.338, ", "0.4, ", 4, "value 0.4 is outside its range 0.33 to 0.345"),
        ("name: Czechia", "nmae: Czechia", 2, "nmae: unknown key; did you mean 'name'?"),
        (
            f"{KEY}: {{value: 0.338, unit: share of the wage, low: 0.33, high: 0.345",
            "people.exit_age_high: {value: 64.5, unit: years, low: 64, high: 65",
            4,
            "value, low and high must be whole numbers",
        ),
    ],
)
def test_a_mistake_in_a_country_is_one_sentence_with_its_line(tmp_path, before, after, line, expected):
    assert before in COUNTRY
    path = country(tmp_path, COUNTRY.replace(before, after, 1))
    with pytest.raises(InputError) as caught:
        read_country(path)
    said = [str(mistake) for mistake in caught.value.mistakes]
    assert any(one.startswith(f"{path}:{line}: ") and expected in one for one in said), said


def test_check_takes_the_code_of_a_region_and_says_facts_and_parameters_apart(cli):
    code, out, err = cli("check", "HU22", "no-transition", "--json")
    assert (code, err) == (0, "")
    region, scenario = json.loads(out)["checked"]
    assert region["region"] == "HU22"
    assert region["facts_of_grade_d"] == 0.0
    assert 0.5 < region["parameters_of_grade_d"] < 1.0
    assert region["facts_of_grade_d"] < region["input_of_grade_d"] < region["parameters_of_grade_d"]
    assert region["least_change_factor"] > scenario["least_change_factor"] > 1.0
    count = len(load_country("HU").assumptions)
    assert region["parameters_from"] == {SHARED: len(base_register()) - count, "country HU": count}
    assert "country HU" in cli("check", "HU22")[1]


def test_check_refuses_a_region_too_far_from_the_european_flows(cli, tmp_path):
    assert "value: 0.04," in PROFILE
    path = profile(tmp_path, PROFILE.replace("value: 0.04,", "value: 0.014,"))
    code, out, err = cli("check", str(path))
    assert (code, out) == (2, "")
    (line,) = err.splitlines()
    assert line.startswith("CZ08: unemployment of 1.4% needs a flow changed by a factor of 2.12")
    assert line.endswith("at most 2 is accepted: check unemployment_rate")


def test_parameters_say_where_a_value_comes_from(cli):
    found = {row["key"]: row["from"] for row in json.loads(cli("list", "parameters", "--region", "CZ08", "--json")[1])}
    assert found[KEY] == "country CZ"
    assert found["firing.speed"] == SHARED
    (line,) = [
        line for line in cli("list", "parameters", "--region", "CZ08")[1].splitlines() if line.startswith(f"{KEY} ")
    ]
    assert "country CZ" in line


def _hazards(unemployment):
    register = base_register()
    europe = np.array([register.value(f"flows.{name}") for name in FLOW_NAMES])
    flows = least_change_flows(europe, unemployment, 0.45, "here")
    return hazards_of(flows, 1.0 / mean_career_months(register), register.value("flows.job_to_job"))


def test_low_unemployment_reaches_its_long_term_share_below_the_peak():
    """At the largest spreads the share falls again; a search that ends there would give a quarter."""
    hazards = _hazards(0.027)
    for target in (0.1, 0.2, 0.33, 0.35):
        _, pace = fit_pace(hazards, target)
        assert long_term_share(hazards, pace) == pytest.approx(target, abs=0.02)


def test_a_share_out_of_reach_is_approached_by_the_largest():
    hazards = _hazards(0.027)
    _, pace = fit_pace(hazards, 0.6)
    shares = [long_term_share(hazards, pace_classes(0.1 * step)) for step in range(19)]
    assert long_term_share(hazards, pace) >= max(shares) > long_term_share(hazards, pace_classes(1.8)) + 0.05
