"""What a generated kernel is made of: unowned views, inlined rules, scratch records and the addresses of luck.

A rule of the house writes into its row. A stranger's rule works on a *scratch record* of the columns it names, whole
numbers as wide as they come, compiled with bounds checks. Only what was checked is written into the row, so that no
other rule or market reads a number that its column may not hold.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numba
import numpy as np
from numba.core import cgutils, ir, types
from numba.extending import intrinsic

from transitionsim.compiling import both_ways
from transitionsim.draws import bits_at
from transitionsim.rule import KEY, Body, Rule

_WIDE: Final = {"i": "i8", "f": "f8", "b": "?"}
"""Types of a scratch record, by the kind of the column: a number too large for its column is seen, not cut off."""


@intrinsic  # type: ignore[untyped-decorator]
def unowned(typing_context: Any, array: Any) -> Any:
    """Return a read-only view of an array that keeps no count of its users.

    Counting users costs more than a rule does, on every row. The view is valid while the caller holds the
    array. Read-only, so that the compiler refuses a rule that writes to a table.
    """

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        view = cgutils.create_struct_proxy(array)(context, builder, value=arguments[0])
        view.meminfo = cgutils.get_null_value(view.meminfo.type)
        view.parent = cgutils.get_null_value(view.parent.type)
        return view._getvalue()

    return array.copy(readonly=True)(array), codegen


def inlined(body: Body) -> Any:
    """Compile the body of a rule so that it melts into the loop that calls it."""
    return numba.njit(forceinline=True, error_model="numpy")(body)


def checked(body: Body) -> Any:
    """Compile the body of a stranger's rule: as :func:`inlined`, but bounds and divisors are checked."""
    return numba.njit(forceinline=True, boundscheck=True, error_model="python")(body)


def fractions(body: Any) -> list[tuple[int, str]]:
    """Return where a rule just compiled writes a fraction into a whole-number column, which would cut it off."""
    found = []
    for overload in body.overloads.values():
        told = overload.type_annotation
        for block in told.blocks.values():
            for write in block.find_insts((ir.SetAttr, ir.SetItem, ir.StaticSetItem)):
                target, whole = told.typemap[write.target.name], isinstance(write, ir.SetAttr)
                column = target.typeof(write.attr) if whole else target.dtype
                if isinstance(told.typemap[write.value.name], types.Float) and not isinstance(column, types.Float):
                    name = f"the whole-number column '{write.attr}'" if whole else "a part of a whole-number column"
                    found.append((write.loc.line, f"writes a fraction into {name}; write int(...) of it"))
    return sorted(found)


@dataclass(frozen=True, slots=True)
class Scratch:
    """The record on which a stranger's rule works, by its place in the pass, and the columns of it that it writes."""

    place: int
    record: np.dtype[np.void]
    written: tuple[str, ...]


def scratch_of(place: int, row_type: np.dtype[np.void], mentioned: set[str], written: set[str]) -> Scratch:
    """Return the scratch record of the rule at a place of a pass over rows of a type."""
    named = [name for name in row_type.names or () if name in mentioned and name != KEY]
    fields = [(name, _WIDE[row_type[name].base.kind], row_type[name].shape) for name in named]
    # A part is written through the column that is read, so a column of several parts that is named may be written.
    found = tuple(name for name, _, shape in fields if shape or name in written)
    return Scratch(place, np.dtype(fields, align=True), found)


@both_ways
def address(base: np.uint64, month: int) -> np.uint64:
    """Return the address of a month from that of seed and purpose: the last step of ``draws.stream``."""
    return bits_at(base + np.uint64(month + 65_536) * np.uint64(0x9E3779B97F4A7C15), np.uint64(0))


def source_of(
    rules: Sequence[Rule],
    names: Sequence[str],
    world: Mapping[str, Any],
    lists: str | None,
    scratches: Sequence[Scratch] = (),
) -> str:
    """Return the generated module: the world and the luck as named tuples and one loop of calls.

    ``lists`` names a column: the rows in which it is not zero after the rules are written into ``found``, and their
    number is returned. With ``scratches`` the pass stops at a number that its column may not hold and returns -1; where
    it stands, in rows times rules, is in ``at``.
    """
    with_scratch = {scratch.place: scratch for scratch in scratches}
    bounds = [(scratch.place, name) for scratch in scratches for name in scratch.written]
    given = [f"given_{name}" for name in names]
    held = [
        f"unowned({arg})" if isinstance(world[name], np.ndarray) else arg
        for name, arg in zip(names, given, strict=True)
    ]
    draws = [draw for one in rules for draw in one.draws]
    lines = [
        f'"""Generated: {", ".join(one.name for one in rules)} over the rows of {rules[0].on}."""',
        "from collections import namedtuple",
        "",
        "from transitionsim.compiling import compiled",
        "from transitionsim.draws import uniform_at",
        "from transitionsim.kernels import address, checked, inlined, unowned",
        "",
        f"World = namedtuple('World', {tuple(names) or ('nothing',)!r})",
    ]
    for place, one in enumerate(rules):
        if one.draws:
            lines.append(f"Luck_{one.name} = namedtuple('Luck', {one.draws!r})")
        how = "checked" if place in with_scratch else "inlined"
        lines.append(f"rule_{one.name} = {how}(RULES[{place}].body)  # {one.body.__module__}.{one.name}")
    own = ["at", "bounds", *(f"scratch_{place}" for place in with_scratch)] if scratches else []
    lines += [
        "",
        "",
        "@compiled",
        f"def sweep({', '.join(['rows', 'found', 'bases', 'month', *own, *given])}):",
        f"    world = World({', '.join(held) or '0'})",
        *(f"    address_{draw} = address(bases[{place}], month)" for place, draw in enumerate(draws)),
        *(f"    record_{place} = scratch_{place}[0]" for place in with_scratch),
        *(f"    low_{place}_{name}, high_{place}_{name} = bounds[{i}]" for i, (place, name) in enumerate(bounds)),
        "    count = 0",
        "    for i in range(len(rows)):",
        "        row = rows[i]",
        *(["        key = row.key"] if draws else []),
    ]
    for place, one in enumerate(rules):
        luck = ", ".join(f"uniform_at(address_{draw}, key)" for draw in one.draws)
        agent, scratch = ("row", None) if place not in with_scratch else (f"record_{place}", with_scratch[place])
        call = f"        rule_{one.name}({agent}, world, {f'Luck_{one.name}({luck})' if luck else '0'})"
        lines += [call] if scratch is None else _on_scratch(scratch, agent, call, len(rules))
    if lists is not None:
        lines += ["        found[count] = i", f"        count += row.{lists} != 0"]
    return "\n".join([*lines, "    return count"]) + "\n"


def _on_scratch(scratch: Scratch, record: str, call: str, rules: int) -> list[str]:
    """Return the lines that copy a row's columns, call the rule, check what it wrote and write that into the row."""
    numbers = {name: list(_numbers(name, scratch.record[name].shape)) for name in scratch.record.names or ()}
    return [
        f"        at[0] = i * {rules} + {scratch.place}",
        *(f"        {record}.{number} = row.{number}" for held in numbers.values() for number in held),
        call,
        *(line for name in scratch.written for number in numbers[name] for line in _tested(scratch, name, number)),
        *(f"        row.{number} = {record}.{number}" for name in scratch.written for number in numbers[name]),
    ]


def _numbers(name: str, shape: tuple[int, ...]) -> Iterator[str]:
    """Yield a column as code names its numbers: itself, or part by part."""
    for part in np.ndindex(shape):
        yield name + "".join(f"[{k}]" for k in part)


def _tested(scratch: Scratch, name: str, number: str) -> list[str]:
    """Return the lines that stop the pass where a rule has brought a number of a column out of the column's range.

    What stays as it was is not this rule's doing. Not-a-number does not equal itself.
    """
    new, old = f"record_{scratch.place}.{number}", f"row.{number}"
    test = f"low_{scratch.place}_{name} <= {new} <= high_{scratch.place}_{name} or {new} == {old}"
    if scratch.record[name].base.kind == "f":
        test += f" or ({new} != {new} and {old} != {old})"
    return [f"        if not ({test}):", "            return -1"]
