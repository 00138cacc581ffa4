"""How closely the mean field and the agents follow the occupational-mobility model of 2021.

    python -m experiments.occupational_mobility [--folder FOLDER] [--scale 0.01] [--seeds 10]

reads the inputs and the reference trajectories in a folder (by default ``../shared/reference/occupational-mobility``)
and writes ``docs/replications/reference.csv``, ``agents.csv`` and ``figure.png``, and both tables in
``docs/replications.md``. Ten seeds of 1.4 million persons take about six minutes.
"""

from __future__ import annotations

import argparse
from dataclasses import fields
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from experiments.sweeping import DOCS, markdown, write_page

from transitionsim.replications.agents import agents, mean_and_deviation, persons_of
from transitionsim.replications.definition import CYCLE_PERIOD, STEPS, Targets, Trajectory, automated, start_of
from transitionsim.replications.files import read_occupations
from transitionsim.replications.mean_field import mean_field
from transitionsim.replications.networks import complete, loop

OWN = 0.5502916755953751
NETWORKS = {"complete": complete, f"loop:{OWN}": lambda n: loop(n, OWN)}
REFERENCES = {
    "traj_Kn_null.csv": ("complete", "none"),
    "traj_Kn_automation.csv": ("complete", "automation"),
    "traj_KnLoop_automation.csv": (f"loop:{OWN}", "automation"),
}
COLUMNS = {
    "unemployment": "unemp_rate_pct",
    "vacancies": "vacancy_rate_pct",
    "long_term": "longterm_unemp_rate_pct",
}
PATHS = [("complete", "automation"), (f"loop:{OWN}", "automation"), ("complete", "cycle")]
SHOWN = (99, 222, 599)
FOLDER = DOCS / "replications"


def largest_difference(values: np.ndarray, reference: np.ndarray) -> float:
    """Return the largest relative difference over all steps; both must be 0 at the same steps."""
    some = reference != 0.0
    assert (values[~some] == 0.0).all()
    return float(np.abs(values[some] / reference[some] - 1.0).max())


def against_reference(folder: Path, fields_of: dict[tuple[str, str], Trajectory]) -> pd.DataFrame:
    """Return the largest relative difference of each reference file and rate."""
    lines = []
    for file, which in REFERENCES.items():
        reference = pd.read_csv(folder / file)
        found = fields_of[which]
        differences = {
            name: largest_difference(getattr(found, name), reference[column].to_numpy())
            for name, column in COLUMNS.items()
        }
        lines.append({"file": file, "network": which[0], "shock": which[1], **differences})
    return pd.DataFrame(lines)


def against_mean_field(which: tuple[str, str], field: Trajectory, runs: list[Trajectory], persons: int) -> pd.DataFrame:
    """Return mean field, mean and standard deviation over seeds at a few steps."""
    mean, deviation = mean_and_deviation(runs)
    lines = [
        {
            "network": which[0],
            "shock": which[1],
            "persons": persons,
            "seeds": len(runs),
            "t": t,
            "rate": one.name,
            "mean field": getattr(field, one.name)[t],
            "agents": getattr(mean, one.name)[t],
            "sd over seeds": getattr(deviation, one.name)[t],
        }
        for t in SHOWN
        for one in fields(Trajectory)
    ]
    return pd.DataFrame(lines)


def draw(
    paths: dict[tuple[str, str], tuple[Trajectory, list[Trajectory]]], references: dict[str, pd.DataFrame], path: Path
) -> None:
    """Draw unemployment under automation on two networks and the loop of a business cycle."""
    sns.set_theme(style="ticks", context="paper")
    palette = sns.color_palette("colorblind")
    figure, (left, right) = plt.subplots(1, 2, figsize=(11, 4.4))
    for which, colour, style, height, name in (
        (PATHS[0], palette[0], "-", 3.75, "complete network"),
        (PATHS[1], palette[3], (0, (5, 1.5)), 4.85, "loops: one's own occupation weighs .55"),
    ):
        field, runs = paths[which]
        mean, deviation = mean_and_deviation(runs)
        steps = np.arange(len(field.unemployment))
        low, high = mean.unemployment - deviation.unemployment, mean.unemployment + deviation.unemployment
        left.fill_between(steps, low, high, color=colour, alpha=0.3, linewidth=0)
        left.plot(steps, field.unemployment, color=colour, linestyle=style, linewidth=1.4)
        file = next(name for name, known in REFERENCES.items() if known == which)
        points = references[file].iloc[::20]
        left.plot(points["t"], points["unemp_rate_pct"], "o", color=colour, markersize=3, markerfacecolor="white")
        left.text(250, height, name, color=colour)
    left.set(
        xlim=(-5, STEPS), ylim=(1.4, 5.5), xlabel="steps of 6.75 weeks", ylabel="unemployment, % of the labour force"
    )
    left.set_title(
        "Automation: points are the authors' solver, lines the mean field,\nbands one sd of the agents' seeds"
    )
    field, runs = paths[PATHS[2]]
    turn = slice(STEPS - CYCLE_PERIOD - 1, STEPS)
    mean, _ = mean_and_deviation(runs)
    right.plot(runs[0].unemployment[turn], runs[0].vacancies[turn], color="0.75", linewidth=0.9)
    right.plot(mean.unemployment[turn], mean.vacancies[turn], color=palette[2], linewidth=1.0)
    right.plot(field.unemployment[turn], field.vacancies[turn], color="0.1", linewidth=1.3, linestyle=(0, (5, 1.5)))
    right.set(xlabel="unemployment, %", ylabel="vacancies, % of all posts")
    right.set_title(
        "Business cycle, the last period: mean field (dashed), mean of the\nagents' seeds (green), one seed (grey)"
    )
    sns.despine(figure)
    figure.tight_layout()
    figure.savefig(path, dpi=140, metadata={"Software": None})
    plt.close(figure)


def main() -> None:
    """Run everything and write the record."""
    beside = Path(__file__).resolve().parents[2] / "shared" / "reference" / "occupational-mobility"
    parser = argparse.ArgumentParser(description="Hold the replication against its reference.")
    parser.add_argument("--folder", type=Path, default=beside)
    parser.add_argument("--scale", type=float, default=0.01)
    parser.add_argument("--seeds", type=int, default=10)
    asked = parser.parse_args()
    occupations = read_occupations(asked.folder / "inputs_464.csv")
    start = start_of(occupations.employment)
    last = automated(start.demand, occupations.probability)
    networks = {name: made(len(occupations.employment)) for name, made in NETWORKS.items()}
    wanted = list(dict.fromkeys([*REFERENCES.values(), *PATHS]))
    found = {which: mean_field(start, Targets(which[1], start.demand, last), networks[which[0]]) for which in wanted}
    FOLDER.mkdir(exist_ok=True)
    differences = against_reference(asked.folder, found)
    differences.to_csv(FOLDER / "reference.csv", index=False, float_format="%.2g", lineterminator="\n")
    paths, tables = {}, []
    for which in PATHS:
        targets = Targets(which[1], start.demand, last)
        runs = [agents(start, targets, networks[which[0]], asked.scale, seed) for seed in range(asked.seeds)]
        paths[which] = found[which], runs
        tables.append(against_mean_field(which, found[which], runs, persons_of(start, asked.scale)))
        print(*which, flush=True)
    record = pd.concat(tables)
    record.to_csv(FOLDER / "agents.csv", index=False, float_format="%.6g", lineterminator="\n")
    draw(paths, {file: pd.read_csv(asked.folder / file) for file in REFERENCES}, FOLDER / "figure.png")
    write_tables()


def write_tables() -> None:
    """Write the two tables of the page from their records."""
    for name, text in tables().items():
        write_page(DOCS / "replications.md", name, text)


def tables() -> dict[str, str]:
    """Return the tables of the page, made of what was recorded."""
    reference = pd.read_csv(FOLDER / "reference.csv", dtype=str)
    record = pd.read_csv(FOLDER / "agents.csv")
    rows = [
        (*line[:2], f"{line[2]:,}", *line[3:5], line[5].replace("_", "-"), *(f"{value:.3f}" for value in line[6:]))
        for line in record.itertuples(index=False, name=None)
    ]
    return {
        "reference": markdown(tuple(reference), reference.itertuples(index=False, name=None)),
        "agents": markdown(tuple(record), rows),
    }


if __name__ == "__main__":
    main()
