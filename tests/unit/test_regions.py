"""The shipped profiles hold what the sources say; mistakes in a profile are told with their line."""

import pytest

from transitionsim.errors import InputError
from transitionsim.regions import base_register, load_region, read_region, region_codes
from transitionsim.regions.reading import PROFILES

PROFILE = (PROFILES / "ES22.yaml").read_text(encoding="utf-8")


def test_the_regions_that_come_with_the_package():
    codes = region_codes()
    assert {"DED", "ES22", "ITC1"} < set(codes)
    assert len(codes) >= 18
    assert len({load_region(code).country for code in codes}) >= 10


@pytest.mark.parametrize("code", region_codes())
def test_every_fact_has_source_year_and_grade(code):
    region = load_region(code)
    assert region.code == code
    assert region.denominator == ("INSEE automotive supply chain" if code == "FRC" else "NACE C29")
    for value in region.sourced().values():
        assert value.year is not None
        assert value.grade is not None
        assert "http" not in value.source


def test_navarra_as_the_sources_have_it():
    navarra = load_region("ES22")
    assert navarra.facts.automotive_persons.value == 11_607
    assert navarra.facts.automotive_plants.value == 96
    assert navarra.facts.labour_force.value == 338_600
    assert navarra.facts.unemployment_rate.value == pytest.approx(24_700 / 338_600, abs=1e-4)
    assert [plant.name for plant in navarra.plants] == ["Volkswagen Navarra"]


def profile(tmp_path, before="", after="", more=""):
    assert before in PROFILE
    path = tmp_path / "mine.yaml"
    path.write_text(PROFILE.replace(before, after, 1) + more, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (
            "code: ES22",
            "code: E",
            "2: code: found 'E'; what is needed: NUTS code, or a short code of your own",
        ),
        ("nuts_level: 2", "nuts_level: 9", "4: nuts_level: found 9"),
        ("facts:\n", "fatcs:\n", "unknown key; did you mean 'facts'?"),
        ("value: 11607", "value: 1e9", "more people work in car making than are employed in the region"),
        (
            "value: 11607",
            "value: 1000",
            "the named plants employ 4300 persons, more than the 1000 automotive ones",
        ),
        (
            "value: 11607",
            "value: 11607.5",
            "automotive_persons: value is 11607.5; a whole number is needed (persons)",
        ),
        ("value: 338600", "value: 900000", "the labour force is larger than the population"),
        ("value: 0.0729", "value: 7.29", "unemployment_rate: value is 7.29; at most 1 is allowed (share)"),
        ("unit: EUR/year", "unit: EUR", "automotive_wage: unit is 'EUR'; 'EUR/year' is needed"),
        ("denominator", "denominator", ""),
    ][:-1],
)
def test_a_mistake_in_a_profile_is_one_sentence(tmp_path, before, after, expected):
    path = profile(tmp_path, before, after)
    with pytest.raises(InputError) as caught:
        read_region(path)
    assert any(str(mistake).startswith(f"{path}:") and expected in str(mistake) for mistake in caught.value.mistakes)
    assert all(mistake.line for mistake in caught.value.mistakes)


def test_a_region_may_know_better_than_the_shared_assumptions(tmp_path):
    own = (
        "assumptions:\n  notice.to_10_years: {value: 3, unit: months, low: 2, high: 4, grade: C, "
        "year: 2024, source: a collective agreement}\n"
    )
    register = read_region(profile(tmp_path, more=own)).register
    assert register.value("notice.to_10_years") == 3
    assert register["notice.to_10_years"].source == "a collective agreement"
    assert register["notice.to_10_years"].high == 4
    assert register["notice.to_10_years"].meaning == base_register()["notice.to_10_years"].meaning
    assert register.value("firing.speed") == base_register().value("firing.speed")


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (
            "labour_content: {value: more, unit: x, grade: C, source: x}",
            "is a key of scenarios; a region or a country does not",
        ),
        ("notice.to_10: {value: 3, unit: months, grade: C, source: x}", "unknown parameter; did you mean"),
        (
            "notice.to_10_years: {value: 3, unit: years, grade: C, source: x}",
            "unit is 'years'; 'months' is needed",
        ),
        (
            "notice.to_10_years: {value: 9, unit: months, grade: C, source: x}",
            "found 9; 0 to 2 is allowed (months)",
        ),
    ],
)
def test_a_regions_assumption_must_fit_the_register(tmp_path, entry, expected):
    with pytest.raises(InputError) as caught:
        read_region(profile(tmp_path, more=f"assumptions:\n  {entry}\n"))
    (mistake,) = caught.value.mistakes
    assert expected in mistake.text
    assert mistake.line == PROFILE.count("\n") + 2


def test_two_plants_of_one_name(tmp_path):
    text = PROFILE.replace(
        "suppliers_note:",
        "  - {name: Volkswagen Navarra, persons: {value: 1, unit: persons, grade: C, source: x}}\nsuppliers_note:",
    )
    path = tmp_path / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="two plants have the same name"):
        read_region(path)


def test_an_unknown_region_offers_the_nearest():
    with pytest.raises(InputError, match="region: no region 'SE22'; did you mean 'SE23'"):
        load_region("SE22")


def test_the_digest_of_a_profile_is_of_its_content(tmp_path):
    assert read_region(profile(tmp_path)).digest() == load_region("ES22").digest()
    assert read_region(profile(tmp_path, "value: 11607", "value: 11608")).digest() != load_region("ES22").digest()
