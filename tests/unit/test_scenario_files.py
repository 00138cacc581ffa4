"""Files extend each other; values keep their place; names are found in a fixed order."""

from pathlib import Path

import pytest

from transitionsim.errors import InputError
from transitionsim.scenario import load_scenario, parse_setting
from transitionsim.scenario.differences import differences, resolved
from transitionsim.scenario.names import find_scenario, scenario_names, shipped_folder
from transitionsim.yamlfile import parse_yaml

ROOT = """\
name: Root
region: ES22
start: 2025-01
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
parameters: {firing.look_ahead_months: 3, firing.speed: 0.5}
mechanisms: {ageing: false}
"""


@pytest.fixture
def child_of_root(tmp_path):
    (tmp_path / "root.yaml").write_text(ROOT, encoding="utf-8")

    def write(text: str):
        path = tmp_path / "child.yaml"
        path.write_text(f"extends: root.yaml\n{text}", encoding="utf-8")
        return load_scenario(path)

    return write


def test_mappings_merge_by_key(child_of_root):
    child = child_of_root("electrification: {pace: 2}\nparameters: {firing.speed: 1}\nmechanisms: {training: false}\n")
    assert child.electrification.pace == 2
    assert child.electrification.basis == "production"
    assert child.parameters == {"firing.look_ahead_months": 3, "firing.speed": 1}
    assert not child.mechanisms.ageing
    assert not child.mechanisms.training


def test_dated_paths_are_replaced_whole(child_of_root):
    child = child_of_root("electrification: {mix: {2026: {bev: 1, phev: 0, hev: 0, ice: 0}}}\n")
    assert [str(month) for month in child.electrification.mix.root] == ["2026-01"]


def test_policies_merge_by_id_which_is_the_kind_by_default(child_of_root):
    child = child_of_root(
        "policies:\n"
        "  - {id: reskilling, budget: {value: 6_000_000}}\n"
        "  - {kind: sme-support, from: 2027, to: 2030, "
        "budget: {value: 1, unit: EUR/year, source: scenario lever}}\n"
    )
    assert [policy.id for policy in child.policies] == ["reskilling", "sme-support"]
    assert child.policies[0].budget.value == 6_000_000
    assert str(child.policies[0].to) == "2033-12"


def test_off_removes_a_policy_and_a_grandchild_can_bring_it_back(child_of_root, tmp_path):
    assert child_of_root("policies: [{id: reskilling, off: true}]\n").policies == ()
    (tmp_path / "grandchild.yaml").write_text(
        "extends: child\npolicies: [{id: reskilling, off: false}]\n", encoding="utf-8"
    )
    assert [policy.id for policy in load_scenario(tmp_path / "grandchild.yaml").policies] == ["reskilling"]


def test_another_kind_under_the_same_id_replaces_the_policy(child_of_root):
    child = child_of_root(
        "policies:\n  - {id: reskilling, kind: sme-support, from: 2027, to: 2030, "
        "budget: {value: 1, unit: EUR/year, source: scenario lever}}\n"
    )
    assert [policy.kind for policy in child.policies] == ["sme-support"]


def test_switching_off_what_is_not_there(child_of_root):
    with pytest.raises(InputError, match=r"child.yaml:3: policies.reskiling: no policy of that id in the parent; did"):
        child_of_root("policies:\n  - {id: reskiling, off: true}\n")


def test_two_policies_of_one_id(child_of_root):
    budget = "{value: 1, unit: EUR/year, source: scenario lever}"
    entry = f"{{id: a, kind: sme-support, from: 2027, to: 2030, budget: {budget}}}"
    with pytest.raises(InputError, match=r"child.yaml:2: policies: two policies have the id 'a'"):
        child_of_root(f"policies:\n  - {entry}\n  - {entry}\n")


def test_shipped_scenarios_can_be_extended_from_anywhere(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text("extends: current-policy\nname: Mine\nregion: DED\n", encoding="utf-8")
    mine, baseline = load_scenario(path), load_scenario("current-policy")
    assert mine.electrification == baseline.electrification
    assert mine.region == "DED"
    assert mine.source_path == path


def test_a_file_beside_comes_before_a_shipped_one(tmp_path):
    (tmp_path / "fast.yaml").write_text(ROOT.replace("Root", "My own fast"), encoding="utf-8")
    (tmp_path / "mine.yaml").write_text("extends: fast\nmonths: 3\n", encoding="utf-8")
    assert load_scenario(tmp_path / "mine.yaml").name == "My own fast"


def test_names_are_found_in_order(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert find_scenario("fast") == shipped_folder() / "fast.yaml"
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "fast.yaml").write_text(ROOT, encoding="utf-8")
    assert find_scenario("fast") == Path("scenarios/fast.yaml")
    assert scenario_names()["fast"] == Path("scenarios/fast.yaml")
    (tmp_path / "fast.yaml").write_text(ROOT, encoding="utf-8")
    assert find_scenario("fast") == Path("fast.yaml")
    assert find_scenario("fast.yaml") == Path("fast.yaml")
    assert find_scenario("./fast") == Path("fast.yaml")


def test_the_shipped_folder_in_a_wheel_and_in_the_repository(tmp_path):
    package = tmp_path / "src" / "transitionsim"
    package.mkdir(parents=True)
    assert shipped_folder(package) == tmp_path / "scenarios"
    inside = package / "_shipped" / "scenarios"
    inside.mkdir(parents=True)
    assert shipped_folder(package) == inside


def test_a_region_of_ones_own_is_found_from_the_file_that_names_it(tmp_path):
    profile = (Path(__file__).parents[2] / "src/transitionsim/regions/profiles/ES22.yaml").read_text(encoding="utf-8")
    (tmp_path / "mine.yaml").write_text(profile.replace("name: Navarra\n", "name: Mine\n"), encoding="utf-8")
    (tmp_path / "root.yaml").write_text(ROOT.replace("ES22", "mine.yaml"), encoding="utf-8")
    scenario = load_scenario(tmp_path / "root.yaml").with_values({"months": 3})
    assert scenario.load_region().name == "Mine"
    before = scenario.digest()
    (tmp_path / "mine.yaml").write_text(profile.replace("name: Navarra\n", "name: Other\n"), encoding="utf-8")
    assert scenario.digest() != before


def test_no_is_a_word_and_dates_are_text():
    tree = parse_yaml("a: no\n2030: on\nb: 2027-01\nc: '12'\nd: |\n  two\n  lines\ne: 0.5e3\nf: 012\n", "f")
    assert tree.plain() == {
        "a": "no", "2030": "on", "b": "2027-01", "c": "12", "d": "two\nlines\n", "e": 500.0, "f": 12,
    }  # fmt: skip


@pytest.mark.parametrize("text", ["pace", "=3", "months=" + "1" * 60])
def test_a_setting_needs_key_and_value(text):
    with pytest.raises(InputError, match=r"^--set: "):
        parse_setting(text)


def test_differences_name_value_unit_and_source():
    found = {row.key: row for row in differences(load_scenario("reskilling"), load_scenario("current-policy"))}
    assert {key.split(".")[0] for key in found} == {"policies"}
    cost = found["policies.reskilling.cost_per_seat"]
    assert (cost.first, cost.second, cost.unit, cost.grade) == (7521, None, "EUR", "C")
    assert differences(load_scenario("fast"), load_scenario("fast")) == ()


def test_every_number_of_a_scenario_is_shown_with_source():
    rows = resolved(load_scenario("reskilling-and-sme-support"))
    keys = [row.key for row in rows]
    assert len(keys) == len(set(keys))
    assert all(row.source for row in rows)
    for key in (
        "region.automotive_persons",
        "parameters.firing.speed",
        "electrification.mix.2030-01",
        "months",
    ):
        assert key in keys
