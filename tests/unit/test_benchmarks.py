"""The benchmarks run: their programs are started small, and no time decides anything."""

from __future__ import annotations

from benchmarks import measure


def test_memory_is_measured_from_the_start_of_the_region_on() -> None:
    rows, drawn, most, _ = measure.memory("current-policy", "ES22", 2000, months=2)
    assert rows > 100
    assert 0 < drawn <= most


def test_a_scenario_of_a_benchmark_has_the_region_and_scale_asked_for() -> None:
    found = measure.scenario_of("fast", "DE1", 500)
    assert (found.region, found.persons_per_agent) == ("DE1", 500)


def test_every_part_of_the_month_has_its_place_and_its_time() -> None:
    case = measure.Case("small", measure.scenario_of("current-policy", "ES22", 2000))
    case.measure(2)
    assert {part for part, _ in case.passes} == set(case.parts)
    assert "other" not in {part for part, _ in case.parts}
    assert all(len(times) == 1 for times in case.parts.values())
