"""Evidence belongs to its number: what changes without a source of its own is the user's own, of grade D."""

from __future__ import annotations

import pytest

from transitionsim.errors import InputError
from transitionsim.experiments.design import Arm
from transitionsim.experiments.manifest import document
from transitionsim.experiments.planning import comparison_design, prepare
from transitionsim.report.header import _of_arms, basis, legal
from transitionsim.scenario import Scenario, load_scenario
from transitionsim.scenario.differences import differences, resolved

ROOT = """\
name: Root
region: ES22
start: 2025-01
electrification:
  basis: production
  legal_status: a law
  source: a paper on cars
  grade: B
  mix:
    2025: {bev: 0.2, phev: 0.1, hev: 0.3, ice: 0.4}
    2030: {bev: 0.6, phev: 0.1, hev: 0.2, ice: 0.1}
demand:
  source: a paper on demand
  grade: B
  volume: {2025: 1.0, 2030: 0.9}
  eu_share: {2025: 1.0, 2030: 0.8}
  local_sourcing: {electric: {2025: 1.0, 2030: 1.1}}
  plants:
    Volkswagen Navarra: {source: a plan, grade: B, note: of the firm, vehicles: {2025: 300000}}
policies:
  - kind: reskilling
    from: 2027-01
    to: 2033-12
    starts: on-notice
    budget: {value: 12_000_000, unit: EUR/year, source: scenario lever}
    cost_per_seat:
      {value: 7521, unit: EUR, source: a paper on seats, grade: B, year: 2022, note: of Germany, low: 3500, high: 10461}
projects:
  - id: cells
    kind: battery
    from: 2028-01
    capacity: {value: 20, unit: GWh/year, source: press, grade: C, year: 2024}
    jobs_per_unit: {value: 50, unit: persons, source: press, grade: C}
"""
OWN = ("own values of child.yaml", "D")
SET = ("own value", "D")
MIX = "electrification.mix.2025-01"
PLANT = "demand.plants.Volkswagen Navarra.vehicles.2025-01"
SEAT = "policies.reskilling.cost_per_seat"
BEFORE = {
    MIX: ("a paper on cars", "B"),
    "demand.volume.2025-01": ("a paper on demand", "B"),
    "demand.eu_share.2025-01": ("a paper on demand", "B"),
    "demand.local_sourcing.electric.2025-01": ("a paper on demand", "B"),
    "demand.productivity.2025-01": ("scenario lever", ""),
    PLANT: ("a plan", "B"),
    SEAT: ("a paper on seats (2022)", "B"),
    "policies.reskilling.budget": ("scenario lever", ""),
}


@pytest.fixture
def root(tmp_path):
    (tmp_path / "root.yaml").write_text(ROOT, encoding="utf-8")
    return load_scenario(tmp_path / "root.yaml")


@pytest.fixture
def child_of_root(root, tmp_path):
    def write(text, name="child", parent="root"):
        path = tmp_path / f"{name}.yaml"
        path.write_text(f"extends: {parent}.yaml\n{text}", encoding="utf-8")
        return load_scenario(path)

    return write


def evidence(scenario):
    return {row.key: (row.source, row.grade) for row in resolved(scenario)}


def changed(scenario, before=BEFORE):
    """Return the evidence that differs from that of the root."""
    now = evidence(scenario)
    return {key: now[key] for key, old in before.items() if key in now and now[key] != old}


def test_the_root_says_what_it_says(root):
    assert {key: evidence(root)[key] for key in BEFORE} == BEFORE


CASES = [
    ("electrification: {pace: 2}", {}),
    ("electrification: {mix: {2025: {bev: 0.5, phev: 0.1, hev: 0.3, ice: 0.1}}}", {MIX: OWN}),
    ("electrification: {basis: registrations}", {MIX: OWN}),
    ("electrification: {grade: A, mix: {2025: {bev: 0.5, phev: 0.1, hev: 0.3, ice: 0.1}}}", {MIX: OWN}),
    ("electrification: {source: mine, mix: {2025: {bev: 0.5, phev: 0.1, hev: 0.3, ice: 0.1}}}", {MIX: ("mine", "D")}),
    (
        "electrification: {source: mine, grade: C, mix: {2025: {bev: 0.5, phev: 0.1, hev: 0.3, ice: 0.1}}}",
        {MIX: ("mine", "C")},
    ),
    ("demand: {volume: {2025: 1.0, 2030: 0.7}}", {"demand.volume.2025-01": OWN}),
    ("demand: {volume: {2025: 1.0, 2030: 0.9}}", {}),
    ("demand: {local_sourcing: {electric: {2025: 0.7}}}", {"demand.local_sourcing.electric.2025-01": OWN}),
    ("demand: {productivity: {2025: 1.0, 2030: 1.2}}", {"demand.productivity.2025-01": OWN}),
    ("demand: {source: mine, grade: C, volume: {2025: 1.0, 2030: 0.7}}", {"demand.volume.2025-01": ("mine", "C")}),
    ("demand: {source: mine, volume: {2025: 1.0, 2030: 0.7}}", {"demand.volume.2025-01": ("mine", "D")}),
    (
        "demand: {source: mine, grade: A}",
        dict.fromkeys(
            ("demand.volume.2025-01", "demand.eu_share.2025-01", "demand.local_sourcing.electric.2025-01"),
            ("mine", "A"),
        ),
    ),
    (
        "demand: {volume: {2025: 0.5}}\nevidence: {demand.volume: {source: mine, grade: A}}",
        {"demand.volume.2025-01": ("mine", "A")},
    ),
    ("demand: {plants: {Volkswagen Navarra: {vehicles: {2025: 200000}}}}", {PLANT: OWN}),
    ("demand: {plants: {Volkswagen Navarra: {source: mine, vehicles: {2025: 200000}}}}", {PLANT: ("mine", "D")}),
    ("policies: [{id: reskilling, cost_per_seat: {value: 9000}}]", {SEAT: OWN}),
    ("policies: [{id: reskilling, cost_per_seat: {value: 7521}}]", {}),
    (
        "policies: [{id: reskilling, cost_per_seat: {value: 9000, source: scenario lever}}]",
        {SEAT: ("scenario lever", "")},
    ),
    ("policies: [{id: reskilling, cost_per_seat: {value: 9000, source: mine, grade: C}}]", {SEAT: ("mine", "C")}),
    ("policies: [{id: reskilling, cost_per_seat: {value: 9000, grade: A}}]", {SEAT: OWN}),
    ("policies: [{id: reskilling, budget: {value: 1}}]", {}),
    ("policies: [{id: reskilling, cost_per_seat: {value: 9000, source: a paper on seats, grade: B}}]",
     {SEAT: ("a paper on seats", "B")}),
    # The same, written in another way, is no change.
    ("demand: {volume: {2025-01: 1, 2030-01: 0.9}}", {}),
    ("demand: {productivity: {2025: 1}}", {"demand.productivity.2025-01": OWN}),
    ("electrification: {mix: {2025-01: {bev: 0.2, phev: 0.1, hev: 0.3, ice: 0.4}, "
     "2030-01: {bev: 0.6, phev: 0.1, hev: 0.2, ice: 0.1}}}", {}),
    ("demand: {plants: {Volkswagen Navarra: {vehicles: {2025-01: 300000.0}}}}", {}),
    # A source that is named counts, in whatever words; an empty one does not.
    ("demand: {plants: {Volkswagen Navarra: {source: a plan, grade: B, vehicles: {2025: 200000}}}}", {}),
    ("electrification: {source: '', mix: {2025: {bev: 0.5, phev: 0.1, hev: 0.3, ice: 0.1}}}", {MIX: OWN}),
    ("demand: {source: '', volume: {2025: 0.5}}", {"demand.volume.2025-01": OWN}),
    # A source without a grade is an assumption.
    ("demand: {volume: {2025: 0.5}}\nevidence: {demand.volume: {source: mine}}",
     {"demand.volume.2025-01": ("mine", "D")}),
    ("electrification: {source: newer}", {MIX: ("newer", "D")}),
    # A grade for what changes lifts no other number.
    ("demand: {grade: A, volume: {2025: 0.5}}", {"demand.volume.2025-01": OWN}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_what_a_child_file_changes_is_its_own(child_of_root, text, expected):
    child = child_of_root(f"{text}\n")
    assert changed(child) == expected
    assert changed(child_of_root("name: Grandchild\n", "grandchild", "child")) == expected


def test_a_law_stays_with_the_path_that_rests_on_it(child_of_root):
    mix = "mix: {2025: {bev: 0.5, phev: 0.1, hev: 0.3, ice: 0.1}}"
    assert child_of_root(f"electrification: {{{mix}}}\n").electrification.legal_status == ""
    assert child_of_root(f"electrification: {{legal_status: mine, {mix}}}\n").electrification.legal_status == "mine"
    assert child_of_root("electrification: {pace: 2}\n").electrification.legal_status == "a law"


def test_year_and_note_go_with_the_number_they_are_about(child_of_root):
    seat = child_of_root("policies: [{id: reskilling, cost_per_seat: {value: 9000}}]\n").policy("reskilling")
    assert (seat.cost_per_seat.year, seat.cost_per_seat.note) == (None, "")


def test_a_source_named_later_does_not_lift_the_grade(child_of_root):
    child_of_root("demand: {volume: {2025: 0.5}}\n")
    grandchild = child_of_root("demand: {source: newest}\n", "grandchild", "child")
    assert evidence(grandchild)["demand.volume.2025-01"] == ("newest", "D")


@pytest.mark.parametrize("text", ["[]", "5", "hello", ""])
def test_evidence_that_is_no_mapping_is_a_mistake_beside_any_change(child_of_root, text):
    with pytest.raises(InputError, match=r"child.yaml:3: evidence: "):
        child_of_root(f"demand: {{volume: {{2025: 0.5}}}}\nevidence: {text}\n")


def test_evidence_is_replaced_whole(child_of_root):
    child_of_root("demand: {volume: {2025: 0.5}}\nevidence: {demand.volume: {source: P, grade: B}}\n")
    with pytest.raises(InputError, match=r"grandchild.yaml:3: evidence.demand.volume.source: is missing"):
        child_of_root("demand: {volume: {2025: 0.4}}\nevidence: {demand.volume: {grade: A}}\n", "grandchild", "child")


def test_a_difference_has_the_evidence_of_both(root, child_of_root):
    child = child_of_root("policies: [{id: reskilling, cost_per_seat: {value: 9000}}]\n")
    for one, other, told in ((root, child, (*BEFORE[SEAT], *OWN)), (child, root, (*OWN, *BEFORE[SEAT]))):
        (row,) = [row for row in differences(one, other) if row.key == SEAT]
        assert (row.source, row.grade, row.second_source, row.second_grade) == told


def test_the_header_speaks_for_every_scenario(root, child_of_root):
    child = child_of_root("electrification: {mix: {2025: {bev: 0.5, phev: 0.1, hev: 0.3, ice: 0.1}}}\n")
    design = comparison_design(Arm("root", root), [Arm("child", child)], draws=2, seeds=None)
    assert list(_of_arms(design, basis)) == ["mix of cars made, grade B", "child: mix of cars made, grade D"]
    assert list(_of_arms(design, legal)) == ["a law", "child: no legal status given"]


def test_a_lever_of_an_experiment_is_an_own_value(root, tmp_path):
    (tmp_path / "question.yaml").write_text(
        f"question: What do seats cost?\nbaseline: {tmp_path}/root.yaml\ndraws: 1\n"
        "levers: {seat: {key: policies.reskilling.cost_per_seat.value, values: [8000, 9000]}}\n", encoding="utf-8"
    )  # fmt: skip
    prepared = prepare(tmp_path / "question.yaml")
    found = [evidence(one)[SEAT] for one in prepared.scenarios if one.policy("reskilling")]
    assert found.count(SET) == 2


def test_a_grandchild_that_names_a_source_keeps_the_evidence_of_the_others(child_of_root):
    child_of_root("demand: {volume: {2025: 0.5}}\n")
    grandchild = child_of_root("demand: {source: newest, grade: A, eu_share: {2025: 0.9}}\n", "grandchild", "child")
    assert changed(grandchild) == {
        "demand.volume.2025-01": OWN,
        "demand.eu_share.2025-01": ("newest", "A"),
    }


def test_a_file_without_sources_is_its_own_source(tmp_path):
    text = "\n".join(line for line in ROOT.splitlines() if "source: a paper on" not in line or "seats" in line)
    (tmp_path / "child.yaml").write_text(text.replace("  grade: B\n", ""), encoding="utf-8")
    found = evidence(load_scenario(tmp_path / "child.yaml"))
    assert {found[key] for key in (MIX, "demand.volume.2025-01", "demand.eu_share.2025-01")} == {OWN}
    assert found["demand.productivity.2025-01"] == ("scenario lever", "")


SETTINGS = [
    ({"electrification.pace": 2.0}, {}),
    ({"electrification.mix": {"2025": {"bev": 0.5, "phev": 0.1, "hev": 0.3, "ice": 0.1}}}, {MIX: SET}),
    ({"electrification.mix.2030": {"bev": 0.5, "phev": 0.1, "hev": 0.3, "ice": 0.1}}, {MIX: SET}),
    ({"electrification.mix.2030.bev": 0.5, "electrification.mix.2030.ice": 0.2}, {MIX: SET}),
    ({"demand.volume.2035": 0.5}, {"demand.volume.2025-01": SET}),
    ({"demand.productivity.2035": 1.5}, {"demand.productivity.2025-01": SET}),
    ({"demand.volume.2035": 0.5, "demand.source": "mine"}, {"demand.volume.2025-01": ("mine", "D")}),
    ({"demand.plants.Volkswagen Navarra.vehicles.2030": 1000.0}, {PLANT: SET}),
    ({"policies.reskilling.cost_per_seat": 9000}, {SEAT: SET}),
    ({"policies.reskilling.cost_per_seat": 7521}, {}),
    ({"policies.reskilling.budget": 1}, {}),
    ({"policies.reskilling.cost_per_seat.value": 9000}, {SEAT: SET}),
    ({"policies.reskilling.drop_out.value": 0.3}, {"policies.reskilling.drop_out": SET}),
    ({"policies.reskilling.drop_out": 0.3}, {"policies.reskilling.drop_out": SET}),
    ({"demand.volume": {"2025": 1.0, "2030": 0.9}}, {}),
    ({"demand.plants.Volkswagen Navarra.vehicles.2030": 1000.0,
      "demand.plants.Volkswagen Navarra.source": "mine"}, {PLANT: ("mine", "D")}),
    ({"projects.cells.capacity.value": 30}, {"projects.cells.capacity": SET}),
    ({"projects.cells.capacity": 30}, {"projects.cells.capacity": SET}),
]  # fmt: skip
SOURCED_BY_SETTING = [
    ("policies.reskilling.cost_per_seat", "policies.reskilling.cost_per_seat.source"),
    ("policies.reskilling.cost_per_seat.source", "policies.reskilling.cost_per_seat"),
    ("policies.reskilling.cost_per_seat.value", "policies.reskilling.cost_per_seat.source"),
]


@pytest.mark.parametrize(("values", "expected"), SETTINGS)
def test_what_is_set_is_an_own_value(root, values, expected):
    told = evidence(root)
    before = {key: told[key] for key in (*BEFORE, "policies.reskilling.drop_out", "projects.cells.capacity")}
    assert changed(root.with_values(values), before) == expected


@pytest.mark.parametrize("order", SOURCED_BY_SETTING)
def test_the_order_of_settings_does_not_matter(root, order):
    values = {key: "mine" if key.endswith("source") else 9000 for key in order}
    with pytest.raises(InputError, match=r"policies.reskilling.cost_per_seat: grade is missing"):
        root.with_values(values)
    graded = root.with_values({**values, "policies.reskilling.cost_per_seat.grade": "C"})
    assert evidence(graded)[SEAT] == ("mine", "C")


def test_nothing_of_the_old_evidence_stays_beside_a_value_that_was_set(root):
    for key in ("policies.reskilling.cost_per_seat", "policies.reskilling.cost_per_seat.value"):
        seat = root.with_values({key: 20_000}).policy("reskilling").cost_per_seat
        assert (seat.value, seat.low, seat.high, seat.year, seat.note) == (20_000, None, None, None, "")
    plant = root.with_values({"demand.plants.Volkswagen Navarra.vehicles.2030": 1.0}).demand.plants[
        "Volkswagen Navarra"
    ]
    assert plant.note == ""


def test_parameters_of_a_file_and_of_the_command_line(child_of_root):
    child = child_of_root("parameters: {search.mobility: 0.4, early_exit.age: 58}\n")
    found = evidence(child.with_values({"early_exit.age": 59}))
    assert found["parameters.search.mobility"] == OWN
    assert found["parameters.early_exit.age"] == SET
    assert child.register()["search.mobility"].note.startswith("in place of 0.6 (")
    sourced = child_of_root(
        "parameters: {search.mobility: 0.4}\nevidence: {parameters.search.mobility: {source: mine, grade: B}}\n"
    )
    assert evidence(sourced)["parameters.search.mobility"] == ("mine", "B")
    assert evidence(sourced.with_values({"search.mobility": 0.5}))["parameters.search.mobility"] == SET


def test_a_source_of_ones_own_needs_a_grade_of_its_own(child_of_root):
    with pytest.raises(InputError, match=r"child.yaml:2: policies.reskilling.cost_per_seat: grade is missing: A, B, C"):
        child_of_root("policies: [{id: reskilling, cost_per_seat: {value: 9000, source: mine}}]\n")


def test_evidence_for_nothing_is_a_mistake(child_of_root):
    with pytest.raises(
        InputError, match=r"child.yaml:2: evidence.demand.volum: no such path .* did you mean 'demand.vol"
    ):
        child_of_root("evidence: {demand.volum: {source: mine}}\n")


def test_a_drawn_value_keeps_its_grade(root):
    drawn = root.with_draw(3)
    register, before = drawn.register(), root.register()
    moved = [key for key in drawn.parameters if register[key].value != before[key].value]
    assert moved
    for key in moved:
        assert (register[key].source, register[key].grade) == ("drawn from its range", before[key].grade)


def test_the_header_and_the_manifest_do_not_lend_a_grade(child_of_root):
    child = child_of_root("electrification: {mix: {2025: {bev: 0.5, phev: 0.1, hev: 0.3, ice: 0.1}}}\n")
    assert basis(child) == "mix of cars made, grade D"
    assert "paper" not in str(document(child)["electrification"])
    registered = load_scenario("current-policy").with_values({"electrification.mix.2040.bev": 0.97,
                                                              "electrification.mix.2040.ice": 0.005})  # fmt: skip
    assert basis(registered).endswith("(grade D)")


def test_evidence_survives_being_written_and_moves_no_run(child_of_root, tmp_path):
    child = child_of_root(
        "demand: {volume: {2025: 0.5}}\nparameters: {search.mobility: 0.4}\n"
        "policies: [{id: reskilling, cost_per_seat: {value: 9000}}]\n"
        "electrification: {mix: {2025: {bev: 0.5, phev: 0.1, hev: 0.3, ice: 0.1}}}\n"
    )
    again = Scenario.model_validate(child.written(only_set=True) | {"policies": child.written()["policies"]})
    assert evidence(again) == evidence(child)
    (tmp_path / "other.yaml").write_bytes((tmp_path / "child.yaml").read_bytes())
    assert load_scenario(tmp_path / "other.yaml").digest() == child.digest()
    bare = again.model_copy(update={"evidence": {}})
    assert bare.digest() == child.digest()
