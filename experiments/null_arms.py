"""Does every region stand still without transition and without policy? The null arm of each, in one table.

    python experiments/null_arms.py [--regions ES22 DED] [--seeds 3] [--months 180] [--folder docs]

writes ``regions/table.csv`` (a line for each region and seed) under the folder and the table of ``regions.md``
there. A run replaces the lines of its own regions and keeps the others. A row stands for so many persons that a
region has about 90,000 rows.

Drift is the largest distance of a yearly mean from that of the first year, after averaging over the seeds. The
bands hold for Navarra at one row for each person. Chance moves a share of ``n`` rows in proportion to ``1 /
sqrt(n)``, so that a band is widened by ``sqrt(rows of Navarra / rows of the run)``: rows of the labour force for
unemployment, vacancies and the long-term share, automotive rows for automotive employment. At ``k`` persons to a
row Navarra's own bands grow by ``sqrt(k)``. Bands are never narrowed.
"""

from __future__ import annotations

import argparse
import math
import re
from pathlib import Path

import numpy as np
import pandas as pd

from transitionsim.evidence import share_of_grade_d
from transitionsim.model import simulate
from transitionsim.regions import load_region, region_codes
from transitionsim.regions.flows import region_flows
from transitionsim.scenario import load_scenario

FOLDER = Path(__file__).resolve().parents[1] / "docs"
ROWS = 90_000
NAVARRA = {"labour force": 338_600, "automotive": 11_607}
"""Rows of Navarra at one row for each person, by what a measure is a share of."""
BANDS = {
    "unemployment drift, pp": (0.1, "labour force"),
    "vacancies drift, pp": (0.05, "labour force"),
    "automotive drift, %": (0.5, "automotive"),
    "long-term share minus fact, pp": (2.0, "labour force"),
}
DISPLACEMENT = (2.0, 7.0)
"""Automotive employees displaced in a year without a transition, in per cent (OECD 2013)."""
PLACE = re.compile(r"(<!-- record: null-arms -->\n).*?(<!-- end of record -->)", re.DOTALL)


def persons_per_agent(labour_force: float, inactive: float) -> int:
    """Return how many persons a row stands for, so that a region has about 90,000 rows.

    >>> persons_per_agent(338_600, 0.45), persons_per_agent(7_250_000, 0.45)
    (5, 117)
    """
    return max(1, round(labour_force * (1.0 + inactive) / ROWS))


def yearly(values: np.ndarray) -> np.ndarray:
    """Return the means of full years of a monthly series."""
    return values[: len(values) // 12 * 12].reshape(-1, 12).mean(axis=1)


def measures(code: str, seed: int, months: int) -> pd.DataFrame:
    """Return the yearly measures of one region and seed."""
    region = load_region(code)
    inactive = region.register.value("people.inactive_per_labour_force")
    scale = persons_per_agent(region.facts.labour_force.number, inactive)
    values = {"region": code, "persons_per_agent": scale, "months": months}
    series = simulate(load_scenario("no-transition").with_values(values), seed).series
    labour = series["employment"] - series["commuters"] + series["unemployed"]
    jobs = yearly(series["employment_automotive"].astype(float))
    lost = series["dismissals"] + series["closures"] + series["temporary_not_renewed"]
    return pd.DataFrame(
        {
            "region": code,
            "persons per row": scale,
            "months": months,
            "seed": seed,
            "year": np.arange(len(jobs)),
            "unemployment, %": 100 * yearly(series["unemployed"] / labour),
            "vacancies, %": 100 * yearly(series["vacancies"] / (series["vacancies"] + series["employment"])),
            "automotive employment, persons": jobs,
            "employment, persons": yearly(series["employment"].astype(float)),
            "long-term share, %": 100 * yearly(series["long_term_unemployed"] / series["unemployed"]),
            "displaced in the year, %": 100 * 12 * yearly(lost.astype(float)) / jobs,
        }
    )


def drift(values: pd.Series) -> float:
    """Return the difference from the first year that is largest in size, with its sign."""
    change = (values - values.iloc[0]).to_numpy()
    return float(change[np.abs(change).argmax()])


def summary(table: pd.DataFrame) -> pd.DataFrame:
    """Return one line for each region: start and drift of each measure, the seeds averaged first."""
    lines = []
    for code, part in table.groupby("region", sort=True):
        facts, register = load_region(str(code)).facts, load_region(str(code)).register
        year = part.groupby("year").mean(numeric_only=True)
        jobs, employed = year["automotive employment, persons"], year["employment, persons"]
        evidence = [*load_region(str(code)).sourced().values(), *register.values()]
        scale = int(part["persons per row"].iloc[0])
        lines.append(
            {
                "region": code,
                "persons per row": scale,
                "seeds": part["seed"].nunique(),
                "months": int(part["months"].min()),
                "unemployment at the start, %": year["unemployment, %"].iloc[0],
                "fact, %": 100 * facts.unemployment_rate.number,
                "unemployment drift, pp": drift(year["unemployment, %"]),
                "vacancies drift, pp": drift(year["vacancies, %"]),
                "automotive drift, %": 100 * drift(jobs / jobs.iloc[0]),
                "employment drift, %": 100 * drift(employed / employed.iloc[0]),
                "long-term share minus fact, pp": year["long-term share, %"].mean()
                - 100 * facts.long_term_share.number,
                "displaced a year, %": year["displaced in the year, %"].mean(),
                "grade D, %": 100 * share_of_grade_d(evidence),
                "flows' factor": region_flows(load_region(str(code)), register).largest_factor,
                "labour force": facts.labour_force.number / scale,
                "automotive": facts.automotive_persons.number / scale,
            }
        )
    return pd.DataFrame(lines)


def band(name: str, line: pd.Series) -> float | None:
    """Return how far a measure may be from zero in a run with so many rows, nothing for one without a band."""
    if name not in BANDS:
        return None
    width, of = BANDS[name]
    return width * max(1.0, math.sqrt(NAVARRA[of] / line[of]))


def cell(name: str, line: pd.Series) -> str:
    """Return a measure as text, with a star when it lies outside its band."""
    value = line[name]
    if not isinstance(value, float):
        return str(value)
    digits = 3 if name == "vacancies drift, pp" else 0 if name == "grade D, %" else 2
    limit = band(name, line)
    outside = limit is not None and abs(value) > limit
    if name == "displaced a year, %":
        outside = not DISPLACEMENT[0] <= value <= DISPLACEMENT[1]
    return f"{value:.{digits}f}" + (" *" if outside else "")


def written(lines: pd.DataFrame) -> str:
    """Return the table of a page."""
    shown = [name for name in lines.columns if name not in NAVARRA]
    rows = [shown, ["---"] * len(shown)]
    rows += [[cell(name, line) for name in shown] for _, line in lines.iterrows()]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows) + "\n"


def main() -> None:
    """Run the regions asked for and write the table and the page."""
    parser = argparse.ArgumentParser(description="Run every region without transition and without policy.")
    parser.add_argument("--regions", nargs="*", default=list(region_codes()))
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--months", type=int, default=180)
    parser.add_argument("--folder", type=Path, default=FOLDER)
    asked = parser.parse_args()
    if asked.months < 24:
        parser.error("--months: at least 24 are needed, since a drift is between years")
    path = asked.folder / "regions" / "table.csv"
    parts = [pd.read_csv(path)] if path.exists() else []
    kept = [part[~part["region"].isin(asked.regions)] for part in parts]
    for code in asked.regions:
        kept += [measures(code, seed, asked.months) for seed in range(asked.seeds)]
        print(f"{code}: {asked.seeds} seeds of {asked.months} months", flush=True)
    table = pd.concat(kept, ignore_index=True).sort_values(["region", "seed", "year"]).round(4)
    path.parent.mkdir(parents=True, exist_ok=True)
    table.to_csv(path, index=False)
    text = written(summary(table))
    page = asked.folder / "regions.md"
    if page.exists():
        before = page.read_text(encoding="utf-8")
        page.write_text(PLACE.sub(lambda found: f"{found[1]}{text}{found[2]}", before), encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
