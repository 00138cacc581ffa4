"""A small population, a world, and what is said about the body of a rule: shared by the tests of rules."""

from __future__ import annotations

import numpy as np
import pytest

from transitionsim.columns import Column, record_type
from transitionsim.engine import Sweep
from transitionsim.errors import InputError
from transitionsim.rule import rule

TABLE = (
    Column("key", "u8", "", ""),
    Column("wage", "i4", "", ""),
    Column("status", "i1", "", ""),
    Column("weight", "f8", "", ""),
    Column("skills", "i1", "hundredths", "", 0, 100, parts=("skill_a", "skill_b", "skill_c")),
)
FIRMS = np.zeros(2, np.dtype([("key", "u8"), ("staff", "i4")]))


def world():
    return {"rate": 0.5, "months": 12, "hazard": np.array([0.1, 0.2]), "firms": FIRMS}


def rows(count=3):
    made = np.zeros(count, record_type(TABLE))
    made["wage"] = 100
    return made


@rule(on="workers", draws=("used",))
def other(worker, world, luck):
    """Another rule.

    With more to say.
    """
    worker.wage = 1


def sentences(body, *, draws=("fate",), interpret=None):
    """Return what is said about a body, with its line counted from the line of `def`."""
    made = rule(on="workers", draws=draws)(body)
    with pytest.raises(InputError) as caught:
        Sweep([made], TABLE, world(), interpret=interpret).prepare(rows(), world())
    first = body.__code__.co_firstlineno
    for mistake in caught.value.mistakes:
        assert mistake.file.endswith(".py")
        assert mistake.text.startswith(f"rule {body.__name__}: ")
    return [(mistake.line - first, mistake.text.partition(": ")[2]) for mistake in caught.value.mistakes]


def says(body, text, line=1, **options):
    found = sentences(body, **options)
    assert len(found) == 1, found
    assert found[0][1].startswith(text), found
    assert found[0][0] == line, found
