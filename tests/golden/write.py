"""Golden tables: the yearly record of every shipped scenario, kept as files. Rewrite with ``make golden``.

A change in a golden table is a change in published numbers and needs a line under "Numbers change" in the
changelog.
"""

from __future__ import annotations

from pathlib import Path

from tests.golden.reference import write
from transitionsim.model import simulate
from transitionsim.scenario import load_scenario
from transitionsim.series import BY_NAME

FOLDER = Path(__file__).parent
SHIPPED = sorted(path.stem for path in (FOLDER.parents[1] / "scenarios").glob("*.yaml"))
SETTINGS = {"persons_per_agent": 50}
SEED = 1


def golden_table(name: str) -> str:
    """Return the yearly record of a shipped scenario as CSV: stocks in December, flows summed over the year.

    Lines stand as they do in the table that is kept, so that a series may be declared elsewhere; new ones stand last.
    """
    run = simulate(load_scenario(name).with_values(SETTINGS), SEED)
    years = run.scenario.months // 12
    lines = ["indicator," + ",".join(str(run.scenario.start.year + year) for year in range(years))]
    file = FOLDER / f"{name}.csv"
    kept = [line.split(",", 1)[0] for line in file.read_text(encoding="utf-8").splitlines()] if file.exists() else []
    for indicator in sorted(run.series, key=lambda one: kept.index(one) if one in kept else len(kept)):
        values = run.series[indicator]
        table = values[: years * 12].reshape(years, 12)
        yearly = table.sum(axis=1) if BY_NAME[indicator].kind == "flow" else table[:, -1]
        lines.append(indicator + "," + ",".join(str(int(value)) for value in yearly))
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    write()
    for scenario in SHIPPED:
        (FOLDER / f"{scenario}.csv").write_text(golden_table(scenario), encoding="utf-8")
