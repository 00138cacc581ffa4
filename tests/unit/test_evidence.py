"""Numbers carry unit, source and grade; the register draws each parameter from its own address."""

import pytest
from pydantic import ValidationError

from transitionsim.errors import InputError
from transitionsim.evidence import LEVER, Attribution, Parameter, Register, Sourced, load_register, share_of_grade_d
from transitionsim.regions import base_register
from transitionsim.usage import readers

ENTRY = (
    "value: 6, unit: months, low: 0, high: 12, whole: true, swept: true, grade: D, source: assumption, "
    "meaning: Look ahead."
)


def register_of(tmp_path, text) -> Register:
    path = tmp_path / "register.yaml"
    path.write_text(text, encoding="utf-8")
    return load_register(path)


def test_a_register_is_read_by_theme_and_name(tmp_path):
    switch = "{value: a, unit: word, choices: [a, b], grade: D, source: assumption, meaning: A switch.}"
    register = register_of(tmp_path, f"firing:\n  look: {{{ENTRY}}}\nsign: {switch}\n")
    assert list(register) == ["firing.look", "sign"]
    assert register.value("firing.look") == 6
    assert isinstance(register.value("firing.look"), int)
    assert register.value("sign") == "a"


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("value: 6", "value: 60", "value 60 is outside its range 0 to 12"),
        ("value: 6", "value: 6.5", "value, low and high must be whole numbers"),
        ("value: 6", "value: six", "a text needs its choices, and a number has none"),
        ("low: 0, high: 12, ", "", "an assumption (grade D) needs a range: low and high are missing"),
        ("low: 0, ", "", "low and high go together; one is missing"),
        (
            ", meaning: Look ahead.",
            "",
            "firing.look.meaning: is missing: one sentence on what it says about the world",
        ),
        ("grade: D", "grad: D", "firing.look.grad: unknown key; did you mean 'grade'?"),
        ("grade: D", "grade: E", "firing.look.grade: found 'E'; allowed are 'A', 'B', 'C', 'D'"),
    ],
)
def test_a_mistake_in_the_register_has_its_line(tmp_path, before, after, expected):
    with pytest.raises(InputError) as caught:
        register_of(tmp_path, f"# comment\nfiring:\n  look: {{{ENTRY.replace(before, after)}}}\n")
    assert any(mistake.line == 3 and expected in str(mistake) for mistake in caught.value.mistakes)


def test_every_assumption_of_the_package_has_range_source_and_meaning():
    register = base_register()
    assert len(register) > 50
    for parameter in register.values():
        assert parameter.meaning.endswith(".")
        if parameter.grade == "D" and not parameter.choices:
            assert parameter.low is not None
            assert parameter.high is not None
        assert "/" not in parameter.key


def test_draws_stay_in_range_and_cover_it():
    register = base_register()
    draws = [register.draw(number) for number in range(400)]
    for key in draws[0]:
        parameter, values = register[key], [draw[key] for draw in draws]
        assert all(parameter.problem_with(value) is None for value in values)
        if parameter.choices:
            assert set(values) == set(parameter.choices)
        else:
            span = parameter.high - parameter.low
            assert min(values) < parameter.low + 0.05 * span + (1 if parameter.whole else 0)
            assert max(values) > parameter.high - 0.05 * span - (1 if parameter.whole else 0)
    assert {draw["firing.look_ahead_months"] for draw in draws} == set(range(13))


def test_a_draw_is_its_own_address():
    register = base_register()
    assert register.draw(7) == register.draw(7)
    assert register.draw(7) != register.draw(8)
    assert register.draw(7, seed_base=100) == register.draw(107)
    fewer = Register({key: register[key] for key in list(register)[::-1] if key != "search.mobility"})
    drawn, known = fewer.draw(7), register.draw(7)
    assert drawn == {key: known[key] for key in drawn}


def test_overrides_are_checked_and_say_what_they_replace():
    register = base_register()
    changed = register.with_overrides({"firing.look_ahead_months": 3, "labour_content": "less"})
    assert changed.value("firing.look_ahead_months") == 3
    assert changed.value("labour_content") == "less"
    own = changed["firing.look_ahead_months"]
    assert (own.source, own.grade) == ("own value", "D")
    assert own.note.startswith("in place of 6 (")
    told = register.with_overrides(
        {"firing.look_ahead_months": 3}, {"firing.look_ahead_months": Attribution(source="x")}
    )
    assert told["firing.look_ahead_months"].grade == register["firing.look_ahead_months"].grade
    assert register.with_overrides({"firing.look_ahead_months": 6})["firing.look_ahead_months"].source != "own value"
    assert register.value("firing.look_ahead_months") == 6
    with pytest.raises(InputError) as caught:
        register.with_overrides({"firing.look": 3, "firing.speed": 7, "hours.battery": True})
    assert [str(mistake) for mistake in caught.value.mistakes] == [
        "parameters: firing.look: unknown parameter; did you mean 'firing.look_ahead_months'?",
        "parameters: firing.speed: found 7; 0.2 to 1 is allowed (share a month)",
        "parameters: hours.battery: found true; a number is needed (hours per vehicle)",
    ]


def test_an_unknown_key_offers_the_nearest():
    with pytest.raises(KeyError, match=r"did you mean 'firing.speed'"):
        base_register().value("firing.spede")


def test_a_parameter_without_range_is_fixed():
    fixed = Parameter(key="a.b", value=2, unit="x", source="statistic", grade="A", meaning="Fixed.")
    assert fixed.problem_with(2) is None
    assert fixed.problem_with(3) == "found 3; it is fixed at 2 (x)"
    assert fixed.at(0.7) == 2


def test_only_a_lever_goes_without_grade():
    assert Sourced(value=1, unit="EUR", source=LEVER).grade is None
    with pytest.raises(ValidationError, match="grade is missing"):
        Sourced(value=1, unit="EUR", source="a paper")


def test_a_text_is_not_a_number():
    with pytest.raises(TypeError, match="'many' is not a number"):
        _ = Sourced(value="many", unit="persons", source="a paper", grade="C").number


def test_share_of_grade_d_leaves_levers_out():
    known = Sourced(value=1, unit="EUR", source="a paper", grade="B")
    guess = Sourced(value=1, unit="EUR", source="assumption", grade="D", low=0, high=2)
    lever = Sourced(value=1, unit="EUR", source=LEVER)
    assert share_of_grade_d([known, guess, lever]) == 0.5
    assert share_of_grade_d([lever]) == 0.0


def test_every_number_is_read_somewhere_and_found_there():
    """Computed from the sources: no number is dead, and rules that read it from the world are found too."""
    found = readers(base_register())
    assert [key for key, modules in found.items() if not modules] == []
    assert "rules.life" in found["people.entry_age_low"]
    assert {"rules.firms", "steps.orders"} <= set(found["firing.look_ahead_months"])
    assert "steps.staff" in found["notice.temporary"]
    assert "road" in found["labour_content"]
