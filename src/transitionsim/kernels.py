"""What a generated kernel is made of: unowned views, inlined rules and the addresses of luck."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numba
import numpy as np
from numba.core import cgutils
from numba.extending import intrinsic

from transitionsim.compiling import both_ways
from transitionsim.draws import bits_at
from transitionsim.rule import Body, Rule


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


@both_ways
def address(base: np.uint64, month: int) -> np.uint64:
    """Return the address of a month from that of seed and purpose: the last step of ``draws.stream``."""
    return bits_at(base + np.uint64(month + 65_536) * np.uint64(0x9E3779B97F4A7C15), np.uint64(0))


def source_of(rules: Sequence[Rule], names: Sequence[str], world: Mapping[str, Any], lists: str | None) -> str:
    """Return the generated module: the world and the luck as named tuples and one loop of calls.

    ``lists`` names a column: the rows in which it is not zero after the rules are written into ``found``, and their
    number is returned.
    """
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
        "from transitionsim.kernels import address, inlined, unowned",
        "",
        f"World = namedtuple('World', {tuple(names) or ('nothing',)!r})",
    ]
    for place, one in enumerate(rules):
        if one.draws:
            lines.append(f"Luck_{one.name} = namedtuple('Luck', {one.draws!r})")
        lines.append(f"rule_{one.name} = inlined(RULES[{place}].body)  # {one.body.__module__}.{one.name}")
    lines += [
        "",
        "",
        "@compiled",
        f"def sweep({', '.join(['rows', 'found', 'bases', 'month', *given])}):",
        f"    world = World({', '.join(held) or '0'})",
        *(f"    address_{draw} = address(bases[{place}], month)" for place, draw in enumerate(draws)),
        "    count = 0",
        "    for i in range(len(rows)):",
        "        row = rows[i]",
        *(["        key = row.key"] if draws else []),
    ]
    for one in rules:
        luck = ", ".join(f"uniform_at(address_{draw}, key)" for draw in one.draws)
        lines.append(f"        rule_{one.name}(row, world, {f'Luck_{one.name}({luck})' if luck else '0'})")
    if lists is not None:
        lines += ["        found[count] = i", f"        count += row.{lists} != 0"]
    return "\n".join([*lines, "    return count"]) + "\n"
