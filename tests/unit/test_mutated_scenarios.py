"""A few thousand broken scenarios: the reader returns a scenario or says in plain lines what is wrong."""

import math
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from transitionsim.errors import InputError, Mistake
from transitionsim.scenario import Scenario, load_scenario

SEEDS = (
    """\
region: ES22
start: 2025-01
months: 24
electrification:
  basis: production
  legal_status: "as of 2026-11"
  mix:
    2025: {bev: 0.2, phev: 0.1, hev: 0.3, ice: 0.4}
    2030-07: {bev: 0.6, phev: 0.1, hev: 0.2, ice: 0.1}
demand:
  volume: {2025: 1.0, 2030: 0.9}
policies:
  - kind: reskilling
    from: 2027-01
    to: 2033-12
    starts: on-notice
    budget: {value: 12_000_000, unit: EUR/year, source: scenario lever}
    cost_per_seat: {value: 7521, unit: EUR, source: a paper, grade: C}
mechanisms: {ageing: false}
parameters:
  firing.look_ahead_months: 3
rules: []
""",
    """\
extends: parent.yaml
name: Child
policies:
  - {id: reskilling, off: true}
  - kind: sme-support
    from: 2027
    to: 2030-12
    budget: {value: 10, unit: EUR/year, source: scenario lever}
""",
)
SNIPPETS = st.sampled_from(
    [
        *(
            "&a ",
            "*a",
            "!!int ",
            "? ",
            "- ",
            ": ",
            "{",
            "}",
            "[",
            "]",
            '"',
            "'",
            "\\",
            "\n",
            "\t",
            "  ",
            "#",
            "|",
            ">",
        ),
        *(
            "%",
            "---\n",
            "...\n",
            "<<: ",
            ".nan",
            ".inf",
            "-1",
            "0",
            "1e400",
            "9" * 50,
            "~",
            "null",
            "true",
            "no",
        ),
        *(
            "\x00",
            "\x85",
            "\u2028",
            "\ufeff",
            "\x1b[31m",
            "é",
            "\U0001f600",
            "2025-13",
            "extends: child.yaml\n",
        ),
        *(
            "extends: ..\n",
            "region: x.yaml\n",
            "mix: 3\n",
            "kind: ",
            "policies: {}\n",
            "value: ",
            '"\\ud800"',
        ),
        *('"\\x00"', "region: ''\n"),
    ]
)
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**25), 10**25),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(["2025-01", "ES22", "reskilling", "../x", "a/b.yaml", "\x1b[0m", "less", "{}", "", " "]),
    st.just({}),
    st.just([]),
    st.dictionaries(st.text(max_size=5), st.integers(), max_size=2),
    st.lists(st.integers(), max_size=2),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("mutated")
    (place / "parent.yaml").write_text(SEEDS[0], encoding="utf-8")
    return place


def read(folder: Path, content: bytes) -> None:
    path = folder / "child.yaml"
    path.write_bytes(content)
    try:
        scenario = load_scenario(path)
    except InputError as error:
        check(error.mistakes)
    else:
        assert isinstance(scenario, Scenario)
        assert len(scenario.digest()) == 64


def check(mistakes: Sequence[Mistake]) -> None:
    assert mistakes
    for mistake in mistakes:
        line = str(mistake)
        assert Path(mistake.file).name in ("child.yaml", "parent.yaml", "x.yaml", "b.yaml")
        assert mistake.line is not None
        assert mistake.line >= 1
        assert line.isprintable(), line
        assert "Input should" not in line
        assert "Value error" not in line


@settings(
    max_examples=1500,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    seed=st.sampled_from(SEEDS),
    edits=st.lists(st.tuples(st.integers(0, 700), st.integers(0, 12), SNIPPETS | st.text(max_size=3)), max_size=4),
)
@example(seed=SEEDS[0], edits=[])
@example(seed=SEEDS[1], edits=[])
def test_text_with_letters_lost_and_added(folder, seed, edits):
    for place, lost, added in edits:
        at = place % (len(seed) + 1)
        seed = seed[:at] + added + seed[at + lost :]
    read(folder, seed.encode("utf-8", "surrogatepass"))


@settings(max_examples=300, deadline=None, derandomize=True)
@given(content=st.binary(max_size=60))
def test_bytes_that_mean_nothing(folder, content):
    read(folder, content)


def places_of(value, at=()):
    yield at
    if isinstance(value, dict):
        for key in value:
            yield from places_of(value[key], (*at, key))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from places_of(inner, (*at, place))


def written(value) -> str:
    """Return a value as YAML on one line; odd texts in quotes with escapes."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{written(str(key))}: {written(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(written, value)) + "]"
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    if isinstance(value, float) and not math.isfinite(value):
        return {"nan": ".nan", "inf": ".inf", "-inf": "-.inf"}[str(value)]
    if isinstance(value, str):
        return '"' + "".join(c if c.isalnum() and c.isascii() else f"\\U{ord(c):08x}" for c in value) + '"'
    return repr(value)


TREE = {
    "name": "A",
    "region": "ES22",
    "start": "2025-01",
    "months": 24,
    "persons_per_agent": 2,
    "electrification": {
        "basis": "production",
        "pace": 1.0,
        "mix": {"2025": {"bev": 0.2, "phev": 0.1, "hev": 0.3, "ice": 0.4}},
    },
    "demand": {"volume": {"2025": 1.0, "2030": 0.9}},
    "labour_content": "less",
    "policies": [
        {
            "kind": "reskilling",
            "from": "2027-01",
            "to": "2033-12",
            "starts": "on-notice",
            "budget": {"value": 1, "unit": "EUR/year", "source": "scenario lever"},
            "cost_per_seat": {
                "value": 7521,
                "unit": "EUR",
                "source": "a paper",
                "grade": "C",
                "low": 1,
                "high": 9999,
            },
        }
    ],
    "mechanisms": {"ageing": False},
    "jobs": {"openings": "none"},
    "parameters": {"firing.look_ahead_months": 3},
    "rules": [],
}
PLACES = list(places_of(TREE))[1:]


def changed(tree, at, value, how):
    key, rest = at[0], at[1:]
    copy = dict(tree) if isinstance(tree, dict) else list(tree)
    if rest:
        copy[key] = changed(copy[key], rest, value, how)
    elif how == "replace":
        copy[key] = value
    elif how == "remove":
        del copy[key]
    elif isinstance(copy, dict):
        copy[f"{key}x"] = value
    else:
        copy.append(value)
    return copy


@settings(max_examples=1200, deadline=None, derandomize=True)
@given(at=st.sampled_from(PLACES), value=ODD, how=st.sampled_from(["replace", "replace", "remove", "add"]))
def test_values_of_another_kind(folder, at, value, how):
    read(folder, written(changed(TREE, at, value, how)).encode())
