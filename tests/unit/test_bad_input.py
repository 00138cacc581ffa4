"""Every mistake a user can make in a scenario file is one sentence with the file and the line it stands on."""
# ruff: noqa: E501 - the sentences of the table stand whole, as a user sees them

import os
from pathlib import Path

import pytest

from transitionsim.errors import InputError, nearest
from transitionsim.policies import kinds
from transitionsim.regions import region_codes
from transitionsim.scenario import load_scenario
from transitionsim.scenario.names import scenario_names

KINDS = ", ".join(repr(kind) for kind in kinds())
GOOD = """\
region: ES22
start: 2025-01
months: 24
electrification:
  basis: production
  mix:
    2025: {bev: 0.2, phev: 0.1, hev: 0.3, ice: 0.4}
    2030: {bev: 0.6, phev: 0.1, hev: 0.2, ice: 0.1}
policies:
  - kind: reskilling
    from: 2027-01
    to: 2033-12
    starts: on-notice
    budget: {value: 12_000_000, unit: EUR/year, source: scenario lever}
    cost_per_seat: {value: 7521, unit: EUR, source: a paper, grade: C}
parameters:
  firing.look_ahead_months: 3
"""

KINDS = ", ".join(f"'{kind}'" for kind in kinds())

CASES = [
    ("region: ES22", "region: SE2", "1: region: no region 'SE2'; did you mean 'SE23'?"),
    ("region: ES22", "region: Mars", "1: region: no region 'Mars'" + nearest("Mars", region_codes())),
    ("region: ES22", "region: mine.yaml", "1: region: no profile file 'mine.yaml'"),
    ("region: ES22", "region: 7", "1: region: found 7; text is needed; put it in quotes"),
    ("region: ES22\n", "", "1: region: is missing: code of a region, or path of a profile of your own"),
    ("start: 2025-01", "start: 2025-13", "2: start: '2025-13' is not a month; write it as 2025-01"),
    ("start: 2025-01", "start: 2025-01-15", "2: start: '2025-01-15' is not a month; write it as 2025-01"),
    ("start: 2025-01", "start: 20.5", "2: start: 20.5 is not a month; write it as 2025-01"),
    ("start: 2025-01", "start: 1066", "2: start: 1066 is outside the years 1900 to 2200"),
    ("start: 2025-01", "start:", "2: start: nothing is not a month; write it as 2025-01"),
    ("months: 24", "months: 0", "3: months: found 0; at least 1 is needed"),
    ("months: 24", "months: -12", "3: months: found -12; at least 1 is needed"),
    ("months: 24", "months: 24.5", "3: months: found 24.5; a whole number is needed"),
    ("months: 24", "months: many", "3: months: found 'many'; a whole number is needed"),
    ("months: 24", "months: true", "3: months: found true; a whole number is needed"),
    ("months: 24", "monhts: 24", "3: monhts: unknown key; did you mean 'months'?"),
    ("months: 24", "persons_per_agent: 0", "3: persons_per_agent: found 0; at least 1 is needed"),
    ("months: 24", "months: 24\nmonths: 12", "4: months: this key stands here twice"),
    ("months: 24", "labour_content: lots", "3: labour_content: found 'lots'; allowed are 'equal', 'less', 'more'"),
    ("months: 24", "mechanisms: {ageing: no}", "3: mechanisms.ageing: found 'no'; true or false is needed"),
    ("months: 24", "mechanisms: {agieng: true}", "3: mechanisms.agieng: unknown key; did you mean 'ageing'?"),
    ("months: 24", "jobs: {openings: some}", "3: jobs.openings: found 'some'; allowed are 'none', 'posts'"),
    ("months: 24", "demand: {volume: {}}", "3: demand.volume: has no date; at least one is needed, such as {2025: 1.0}"),
    ("months: 24", "demand: {volume: {2030: -1}}", "3: demand.volume.2030: found -1; at least 0 is needed"),
    ("months: 24", "demand: {volume: 0.9}", "3: demand.volume: found 0.9; dates and values are needed, such as {2025: 1.0}"),
    (
        "months: 24",
        "demand: {volume: {2030: 1, 2030-01: 2}}",
        "3: demand.volume: 2030 and 2030-01 are the same month",
    ),
    (
        "months: 24",
        "rules: [../evil.py]",
        "3: rules.0: '../evil.py' is not the name of an installed rule; code in a file comes in by --rules only",
    ),
    ("months: 24", "rules: [no_such_rule]", "3: rules: no installed rule 'no_such_rule'"),
    ("  basis: production\n", "", "4: electrification.basis: is missing: what the mix counts: production, or registrations (a proxy)"),
    ("  basis: production", "  basiss: production", "5: electrification.basiss: unknown key; did you mean 'basis'?"),
    ("basis: production", "basis: guesses", "5: electrification.basis: found 'guesses'; allowed are 'production', 'registrations'"),
    ("  basis: production", "  basis: production\n  pace: -1", "6: electrification.pace: found -1; at least 0 is needed"),
    ("  basis: production", "  basis: production\n  pace: .inf", "6: electrification.pace: found inf; a finite number is needed"),
    (
        "  basis: production",
        "  basis: registrations\n  source: a paper\n  grade: A",
        "7: electrification.grade: found 'A'; registrations are a proxy for production, C or D is allowed",
    ),
    ("bev: 0.6, phev: 0.1", "bev: 0.67, phev: 0.1", "8: electrification.mix.2030: shares sum to 1.07, they must sum to 1"),
    ("bev: 0.6, phev", "bev: 1.2, phev", "8: electrification.mix.2030.bev: found 1.2; at most 1 is allowed"),
    ("bev: 0.6, phev", "bev: -0.6, phev", "8: electrification.mix.2030.bev: found -0.6; at least 0 is needed"),
    ("bev: 0.6, phev", "phev", "8: electrification.mix.2030.bev: is missing: share of battery-electric cars"),
    ("bev: 0.6, phev", "bve: 0.6, phev", "8: electrification.mix.2030.bve: unknown key; did you mean 'bev'?"),
    ("    2030:", "    soon:", "8: electrification.mix.soon: 'soon' is not a month; write it as 2025-01"),
    ("kind: reskilling", "kind: reskiling", "10: policies.reskiling.kind: no policy 'reskiling'; did you mean 'reskilling'?"),
    ("kind: reskilling", "id: mine", f"10: policies.mine.kind: is missing; allowed are {KINDS}"),
    ("from: 2027-01", "from: 2034-01", "10: policies.reskilling: from 2034-01 is after to 2033-12"),
    ("from: 2027-01", "from: 2027-00", "11: policies.reskilling.from: '2027-00' is not a month; write it as 2025-01"),
    ("to: 2033-12", "too: 2033-12", "12: policies.reskilling.too: unknown key; did you mean 'to'?"),
    (
        "starts: on-notice",
        "starts: never",
        "13: policies.reskilling.starts: found 'never'; allowed are 'after-dismissal', 'before-notice', 'on-notice'",
    ),
    ("value: 12_000_000", "value: -5", "14: policies.reskilling.budget: value is -5; at least 0 is needed (EUR/year)"),
    ("value: 12_000_000", "value: a lot", "14: policies.reskilling.budget: value is 'a lot'; a number is needed (EUR/year)"),
    ("value: 12_000_000", "value: .nan", "14: policies.reskilling.budget.value: found nan; a finite number or a text is needed"),
    ("unit: EUR/year", "unit: USD", "14: policies.reskilling.budget: unit is 'USD'; 'EUR/year' is needed"),
    (
        "{value: 12_000_000, unit: EUR/year, source: scenario lever}",
        "12",
        "14: policies.reskilling.budget: found 12; a value with unit and source is needed, "
        "such as {value: 1, unit: EUR, source: ...}",
    ),
    (
        ", grade: C}",
        "}",
        "15: policies.reskilling.cost_per_seat: grade is missing: A, B, C or D (only a 'scenario lever' has none)",
    ),
    (
        "grade: C",
        "grade: D",
        "15: policies.reskilling.cost_per_seat: an assumption (grade D) needs a range: low and high are missing",
    ),
    ("grade: C", "grade: D, low: 9000, high: 9", "15: policies.reskilling.cost_per_seat: low 9000 is above high 9"),
    (
        "grade: C",
        "grade: D, low: 9, high: 90",
        "15: policies.reskilling.cost_per_seat: value 7521 is outside its range 9 to 90",
    ),
    ("look_ahead_months: 3", "look_ahaed_months: 3", "17: parameters.firing.look_ahaed_months: unknown parameter; did you mean 'firing.look_ahead_months'?"),
    ("look_ahead_months: 3", "look_ahead_months: 99", "17: parameters.firing.look_ahead_months: found 99; 0 to 12 is allowed (months)"),
    ("look_ahead_months: 3", "look_ahead_months: 3.5", "17: parameters.firing.look_ahead_months: found 3.5; a whole number is needed (months)"),
    ("look_ahead_months: 3", "look_ahead_months: x", "17: parameters.firing.look_ahead_months: found 'x'; a number is needed (months)"),
    ("firing.look_ahead_months: 3", "labour_content: less", "17: parameters.labour_content: is a key of the scenario itself; write it outside parameters"),
    ("parameters:\n  firing.look_ahead_months: 3", "parameters: [1]", "16: parameters: found a list; a mapping of keys to values is needed"),
    ("months: 24", "extends: cruent-policy", "3: extends: no scenario 'cruent-policy' beside the file or in the package; did you mean 'current-policy'?"),
    ("months: 24", "extends: ../secret.yaml", "3: extends: '../secret.yaml' is outside the folder; a parent stands beside the file or in the package"),
    ("months: 24", "extends: /etc/passwd", "3: extends: '/etc/passwd' is outside the folder; a parent stands beside the file or in the package"),
    ("months: 24", "extends: " + "a" * 300, "3: extends: no scenario '" + "a" * 300 + "' beside the file or in the package" + nearest("a" * 300, ["bad", *scenario_names()])),
    ("region: ES22", "region: /" + "a" * 300, "1: region: no profile file '/" + "a" * 300 + "'"),
    ("months: 24", "extends: bad.yaml", "3: extends: goes round in a circle: bad.yaml -> bad.yaml"),
    ("months: 24", "extends: [a, b]", "3: extends: the name of one scenario file is needed"),
    ("months: 24", "months: &x 24", "3: anchors and aliases (& and *) are not allowed; write the value out"),
    ("months: 24", "months: !!python/object:os.system 24", "3: tags such as 'tag:yaml.org,2002:python/object:os.system' are not allowed"),
    ("months: 24", "months: " + "9" * 40, "3: a number of 40 characters is too long"),
    ("months: 24", "[a, b]: 24", "3: a key must be a word or a date, not a mapping or a list"),
    ("months: 24", "months: 24\n---\nmonths: 12", "4: holds a second document (---); one is allowed"),
    ("months: 24", "notes: " + "[" * 30, "3: is nested deeper than 12 levels"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after", "expected"), CASES)
def test_one_mistake_is_one_sentence_with_its_line(tmp_path, before, after, expected):
    assert before in GOOD
    path = tmp_path / "bad.yaml"
    path.write_text(GOOD.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_scenario(path)
    assert f"{path}:{expected}" in [str(mistake) for mistake in caught.value.mistakes]


def test_the_good_file_is_good(tmp_path):
    path = tmp_path / "good.yaml"
    path.write_text(GOOD, encoding="utf-8")
    assert load_scenario(path).months == 24


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file(tmp_path):
    path = tmp_path / "bad.yaml"
    text = GOOD.replace("ES22", "ES2").replace("24", "0").replace("basis:", "basiss:").replace("12_000_000", "-1")
    path.write_text(text.replace("months: 3", "months: 99"), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_scenario(path)
    assert [mistake.line for mistake in caught.value.mistakes] == [1, 3, 4, 5, 14, 17]


def test_a_missing_parent_does_not_hide_the_files_own_mistakes(tmp_path):
    path = tmp_path / "child.yaml"
    path.write_text("extends: absent\nmonths: 0\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_scenario(path)
    assert [mistake.line for mistake in caught.value.mistakes] == [1, 2]


def test_a_circle_is_told_link_by_link(tmp_path):
    for name, parent in (("a", "b"), ("b", "c"), ("c", "a")):
        (tmp_path / f"{name}.yaml").write_text(f"extends: {parent}\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"c.yaml:1: extends: goes round in a circle: a.yaml -> b.yaml -> c.yaml -> a"):
        load_scenario(tmp_path / "a.yaml")


def test_a_mistake_of_the_parent_points_into_the_parent(tmp_path):
    (tmp_path / "parent.yaml").write_text(GOOD.replace("24", "0"), encoding="utf-8")
    (tmp_path / "child.yaml").write_text("extends: parent\nname: Child\nmonthz: 3\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_scenario(tmp_path / "child.yaml")
    assert {str(mistake) for mistake in caught.value.mistakes} == {
        f"{tmp_path}/parent.yaml:3: months: found 0; at least 1 is needed",
        f"{tmp_path}/child.yaml:3: monthz: unknown key; did you mean 'months'?",
    }


def test_a_link_to_a_parent_outside_the_folder_is_refused(tmp_path):
    (tmp_path / "secret.yaml").write_text(GOOD, encoding="utf-8")
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "parent.yaml").symlink_to(tmp_path / "secret.yaml")
    (folder / "child.yaml").write_text("extends: parent\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"child.yaml:1: extends: 'parent' is a link to a file outside the folder"):
        load_scenario(folder / "child.yaml")


def test_a_broken_profile_of_ones_own_names_its_own_lines(tmp_path):
    (tmp_path / "mine.yaml").write_text("code: XX1\nname: Mine\n", encoding="utf-8")
    (tmp_path / "bad.yaml").write_text(GOOD.replace("ES22", "mine.yaml"), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_scenario(tmp_path / "bad.yaml")
    assert f"{tmp_path}/mine.yaml:1: country: is missing: two-letter code of the country" in str(caught.value)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", ":1: is empty"),
        (b"# only a comment\n", ":1: is empty"),
        (b"just text", ":1: a mapping of keys to values is needed"),
        (b"- a\n- b\n", ":1: a mapping of keys to values is needed"),
        (b"name: a\nnotes: \xff\xfe\n", ":2: is not UTF-8 text; save it as UTF-8"),
        (b"name: [1, 2\nmonths: 3\n", ":2: is not valid YAML:"),
        (b'name: "\\UFFFFFFFF"\n', ":1: is not valid YAML after this line"),
        (b"name: a\nnotes: \x00\n", " is not valid YAML:"),
        (b"a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n", ":1: anchors and aliases"),
        (b"- a\n" * 20_001, ":19998: holds more than 20,000 keys and values"),
        (b"#" * 1_000_001, ":1: is larger than 1,000,000 bytes and was not read"),
    ],
)
def test_files_that_are_not_plain_yaml_are_refused(tmp_path, content, expected):
    path = tmp_path / "odd.yaml"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        load_scenario(path)
    assert len(caught.value.mistakes) == 1
    assert expected in str(caught.value)


def test_a_file_that_is_not_there_a_folder_and_a_device(tmp_path):
    for path, expected in (
        (tmp_path / "absent.yaml", "no such file"),
        (tmp_path, "is a folder; a YAML file is needed"),
        (tmp_path / ("a" * 300), "cannot be read: File name too long"),
        (Path("/dev/zero"), "is not an ordinary file"),
    ):
        with pytest.raises(InputError, match=expected):
            load_scenario(path)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the superuser may read everything")
def test_a_file_that_may_not_be_read(tmp_path):
    path = tmp_path / "closed.yaml"
    path.write_text(GOOD, encoding="utf-8")
    path.chmod(0)
    with pytest.raises(InputError, match="cannot be read"):
        load_scenario(path)


def test_an_unknown_name_offers_the_nearest():
    with pytest.raises(InputError, match="curent-policy: no such file or scenario; did you mean 'current-policy'"):
        load_scenario("curent-policy")
