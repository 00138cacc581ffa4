"""The two engines on expressions that nobody chose: a fixed seed writes the rules, both engines run them."""

from __future__ import annotations

import random

import numpy as np
import pytest

from transitionsim import draws, engine
from transitionsim.columns import Column, record_type
from transitionsim.engine import Sweep
from transitionsim.plugins import rules_from_file

WHOLE = (
    "a.i1",
    "a.i2",
    "a.i4",
    "w.n",
    "w.ages[abs(a.i1) % 3]",
    "w.small[abs(a.i2) % 3]",
    "3",
    "-7",
    "w.firms[abs(a.i1) % 2].n",
    "a.p[abs(a.i2) % 3]",
    "a.p[-1]",
    "w.firms[abs(a.i2) % 2].p[abs(a.i1) % 2]",
    "w.firms.p[abs(a.i2) % 2, abs(a.i1) % 2]",
)
FRACTION = (
    "a.f",
    "w.x",
    "w.rates[abs(a.i2) % 3]",
    "l.DRAW",
    "0.5",
    "-2.25",
    "0.0",
    "-0.0",
    "w.firms[abs(a.i4) % 2].c",
)
TRUTH = ("a.b", "w.flag", "w.flags[abs(a.i1) % 2]")
RULES, EACH, ROWS = 3, 6, 200


class Writer:
    """Writes random expressions of a kind: whole numbers, fractions or truth values."""

    def __init__(self, seed):
        self.chance = random.Random(seed)

    def any_number(self, depth):
        return self.chance.choice([self.whole, self.fraction])(depth)

    def whole(self, depth):
        if depth == 0:
            return self.chance.choice(WHOLE)
        x, y, z = self.whole(depth - 1), self.whole(depth - 1), self.truth(depth - 1)
        f = self.fraction(depth - 1)
        forms = [
            f"({x} + {y})",
            f"({x} - {y})",
            f"({x} * {y})",
            f"({x} // (abs({y}) + 1))",
            f"({x} % (-abs({y}) - 2))",
        ]
        forms += [
            f"int(max(min({f}, 1e6), -1e6))",
            f"(-{x})",
            f"abs({x})",
            f"min({x}, {y})",
            f"max({x}, {y})",
        ]
        return self.chance.choice([*forms, f"({x} if {z} else {y})", f"({z} + {x})", f"(-{z})"])

    def fraction(self, depth):
        if depth == 0:
            return self.chance.choice(FRACTION)
        x, y, z = self.any_number(depth - 1), self.fraction(depth - 1), self.truth(depth - 1)
        forms = [
            f"({x} + {y})",
            f"({x} - {y})",
            f"({x} * {y})",
            f"({x} / (abs({y}) + 1.5))",
            f"({x} % (abs({y}) + 0.1))",
        ]
        forms += [
            f"({y} // (-abs({x}) - 0.3))",
            f"abs({y})",
            f"float({x})",
            f"min({y}, {x})",
            f"max({y}, {x})",
        ]
        return self.chance.choice([*forms, f"({y} if {z} else {x})"])

    def truth(self, depth):
        if depth == 0:
            return self.chance.choice(TRUTH)
        x, y, z = self.any_number(depth - 1), self.any_number(depth - 1), self.truth(depth - 1)
        forms = [f"({x} {sign} {y})" for sign in ("<", "<=", "==", "!=", ">", ">=")]
        return self.chance.choice([*forms, f"(not {z})", f"({z} and {x} > {y})", f"({z} or {x} < {y})"])


def a_file(path, seed):
    """Write a file of rules; returns the columns they write."""
    writer = Writer(seed)
    lines, columns = ["from transitionsim.rule import rule"], []
    for number in range(RULES):
        draw = f"draw{number}"
        lines += ["", f"@rule(on='things', draws=('{draw}',), after='x')", f"def rule{number}(a, w, l):"]
        for place in range(EACH):
            name = f"out{number}_{place}"
            kind = writer.chance.choice([writer.whole, writer.fraction, writer.truth])
            columns.append(Column(name, "?" if kind == writer.truth else "f8", "", ""))
            lines.append(f"    a.{name} = {kind(3).replace('DRAW', draw)}")
        name = f"parts{number}"
        columns.append(Column(name, "f8", "", "", parts=(f"{name}_0", f"{name}_1")))
        lines += [f"    a.{name}[{place}] = {writer.any_number(3).replace('DRAW', draw)}" for place in ("0", "a.b - 1")]
    path.write_text("\n".join(lines) + "\n")
    return columns


def some_rows(columns):
    """Rows with values over the whole range of their types, except the lowest, which is not used."""
    chance = np.random.default_rng(4)
    rows = np.zeros(ROWS, record_type(columns))
    rows["key"] = draws.agent_keys("ES22", "things", ROWS)
    for name in ("i1", "i2", "i4"):
        highest = np.iinfo(rows[name].dtype).max
        rows[name] = chance.integers(-highest, highest, ROWS, endpoint=True)
    rows["f"] = chance.choice([0.0, -0.0, 1.5, -3.25, 1e9], ROWS)
    rows["b"] = chance.random(ROWS) < 0.5
    rows["p"] = chance.integers(-127, 127, (ROWS, 3), endpoint=True)
    return rows


@pytest.mark.parametrize(("seed", "ours"), [(1, True), (2, True), (2, False)], ids=["house", "house too", "stranger"])
def test_random_expressions_give_the_same_bytes(tmp_path, monkeypatch, seed, ours):
    """Rules of the house write into the row, those of strangers into a record of wide numbers: both as interpreted."""
    monkeypatch.setattr(engine, "is_ours", lambda body: ours)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    own = [Column("key", "u8", "", ""), Column("f", "f8", "", ""), Column("b", "?", "", "")]
    own += [Column(name, name, "", "") for name in ("i1", "i2", "i4")]
    own += [Column("p", "i1", "", "", parts=("x", "y", "z"))]
    columns = own + a_file(tmp_path / "rules.py", seed)
    world = {
        "n": 5,
        "x": -1.5,
        "flag": True,
        "ages": np.array([3, -4, 100], np.int32),
        "small": np.array([127, -127, 5], np.int8),
        "rates": np.array([0.0, -0.0, 3.7]),
        "flags": np.array([True, False]),
        "firms": np.array(
            [(1, 2.5, [7, -7]), (-3, -0.5, [0, 127])], np.dtype([("n", "i2"), ("c", "f8"), ("p", "i1", (2,))])
        ),
    }
    rules = rules_from_file(tmp_path / "rules.py")
    found = []
    for interpret in (True, False):
        rows = some_rows(columns)
        Sweep(rules, columns, world, interpret=interpret)(rows, world, 1, 1)
        found.append(rows)
    text = (tmp_path / "rules.py").read_text().splitlines()
    for column in columns:
        same = found[0][column.name].tobytes() == found[1][column.name].tobytes()
        assert same, [line for line in text if line.lstrip().startswith(f"a.{column.name}")]
