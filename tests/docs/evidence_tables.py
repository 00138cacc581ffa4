"""Tables of the written record: the register, what the recorded checks say, the model beside the headline studies.

Every table is made from the register, from the recorded CSV files of ``docs`` or from the code, so that a page that
says otherwise is refused. A record that does not exist yet is named as missing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

import pandas as pd
from experiments.null_arms import BANDS, DISPLACEMENT, band, summary
from soak.record import Line, from_table, number

from tests.docs.blocks import ROOT
from tests.docs.decisions import decisions
from transitionsim.evidence import Parameter, Sourced
from transitionsim.regions import base_register, country_codes, load_region, region_codes
from transitionsim.regions.reading import load_country
from transitionsim.usage import readers

DOCS = ROOT / "docs"
GRADES = {"A": "official statistic", "B": "peer-reviewed", "C": "grey literature or proxy", "D": "assumption"}
SETS = "mean; lowest to highest of the draws"


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table of a page."""
    lines = [header, ["---"] * len(header), *rows]
    return "".join(f"| {' | '.join(_cell(cell) for cell in line)} |\n" for line in lines)


def _cell(cell: object) -> str:
    return " ".join(str(cell).split()).replace("|", "\\|")


def _decisions() -> str:
    return table(("step", "who decides", "what it reads", "in words", "grades", "sources"), decisions())


def _grades() -> str:
    register = list(base_register().values())
    countries = [one for code in country_codes() for one in load_country(code).assumptions.values()]
    regions = [one for code in region_codes() for one in load_region(code).sourced().values()]
    groups: dict[str, list[Parameter] | list[Sourced]] = {
        "the register that all regions share": register,
        "of these, varied between draws": [one for one in register if one.swept],
        "what countries say instead": countries,
        "facts and values of the regions": regions,
    }
    rows = []
    for name, found in groups.items():
        counted = Counter(one.grade for one in found)
        rows.append((name, len(found), *(counted[grade] for grade in GRADES), f"{counted['D'] / len(found):.0%}"))
    return table(("numbers", "in all", *(f"{grade} ({GRADES[grade]})" for grade in GRADES), "share of D"), rows)


def _assumptions() -> str:
    rows = []
    register = base_register()
    used_by = readers(register)
    for one in register.values():
        span = ", ".join(one.choices) or ("" if one.low is None else f"{one.low:g} to {one.high:g}")
        users = ", ".join(used_by[one.key])
        rows.append((f"`{one.key}`", one.value, span, one.unit, one.grade, one.source, one.meaning, users))
    return table(("key", "value", "range", "unit", "grade", "source", "meaning", "used by"), rows)


def _short(values: dict[str, Sourced]) -> str:
    return "; ".join(f"{key} {_brief(one)} ({one.grade})" for key, one in values.items())


def _brief(one: Sourced) -> str:
    return str(one.value) if isinstance(one.value, str) else f"{one.value:.6g}"


def _by_country() -> str:
    found = [load_country(code) for code in country_codes()]
    return table(("country", "values of its own (grade)"), [(one.name, _short(dict(one.assumptions))) for one in found])


def _by_region() -> str:
    rows = []
    for region in map(load_region, region_codes()):
        own = {key.removeprefix("region."): one for key, one in region.sourced().items()}
        rows.append((region.code, region.name, _short(own)))
    return table(("code", "region", "facts and values of its own (grade)"), rows)


def _checks() -> list[Line]:
    return from_table(pd.read_csv(DOCS / "checks" / "table.csv"))


def _checks_counted() -> str:
    rows = []
    for check in dict.fromkeys(line.check for line in _checks()):
        verdicts = [line.verdict.split()[0] for line in _checks() if line.check == check]
        rows.append((check, verdicts.count("passes"), verdicts.count("misses"), verdicts.count("shown")))
    columns = [sum(row[place] for row in rows) for place in (1, 2, 3)]  # type: ignore[misc]
    return table(("check", "passes", "misses", "shown, without a band"), [*rows, ("in all", *columns)])


def _checks_missed() -> str:
    missed = [line for line in _checks() if line.missed_by > 0.0]
    rows = [(one.check, one.measure, number(one.value), one.unit, one.band, one.verdict) for one in missed]
    return table(("check", "measure", "measured", "unit", "band", "result"), rows)


def _regions_stand() -> str:
    lines = summary(pd.read_csv(DOCS / "regions" / "table.csv"))
    rows: list[tuple[object, ...]] = []
    for name in BANDS:
        limits = [(str(line["region"]), abs(line[name]), band(name, line)) for _, line in lines.iterrows()]
        outside = [code for code, value, limit in limits if limit is not None and value > limit]
        rows.append((name, len(lines) - len(outside), ", ".join(outside) or "none"))
    shares = [(str(line["region"]), line["displaced a year, %"]) for _, line in lines.iterrows()]
    outside = [code for code, share in shares if not DISPLACEMENT[0] <= share <= DISPLACEMENT[1]]
    rows.append(("displaced a year, % (2 to 7)", len(lines) - len(outside), ", ".join(outside) or "none"))
    return table(("measure without a transition", "regions inside the band", "outside"), rows)


def _facts_record() -> str:
    path = DOCS / "facts" / "table.csv"
    if not path.exists():
        return "Not recorded yet: no fact held out of the fitting has been set beside the model.\n"
    found = pd.read_csv(path, dtype=str, keep_default_na=False)
    rows = [
        (f"`{row['fact']}`", row["verdict"], row["fitted"], row["meaning"] if "fails" in row["verdict"] else "")
        for row in found.to_dict("records")
    ]
    return table(("fact", "verdict", "fitted", "what a miss means for use"), rows)


def _pages_of_proof() -> str:
    pages = {
        "checks.md": "bands the model was designed to",
        "regions.md": "regions without a transition",
        "replications.md": "a published model in this engine",
        "studies.md": "headline studies on their own boundaries",
        "limits.md": "exact limiting cases",
        "calibration.md": "fitting and what it can identify",
        "facts.md": "facts held out of the fitting",
    }
    rows = [(f"[{name}]({name})" if (DOCS / name).exists() else f"`{name}`", text,
             "yes" if (DOCS / name).exists() else "not recorded yet") for name, text in pages.items()]  # fmt: skip
    return table(("page", "what it holds the model against", "recorded"), rows)


def _published() -> str:
    found = pd.read_csv(ROOT / "experiments" / "study-roads" / "published.csv", dtype=str)
    header = tuple(name for name in found.columns if name != "key")
    return table(header, [tuple(row[name] for name in header) for row in found.to_dict("records")])


def _compared(study: str) -> str:
    found = pd.read_csv(DOCS / "studies" / "compared.csv")
    rows = []
    for row in found[found["study"] == study].to_dict("records"):
        model = f"{row['model, %']:.0f} ({row['lowest, %']:.0f} to {row['highest, %']:.0f})"
        jobs = [f"{round(row[name], -2):,.0f}" for name in ("model, jobs of the study", "study, jobs", "gap, jobs")]
        rows.append((row["year"], row["assumption"], model, f"{row['study, %']:.0f}", *jobs))
    header = ("to", "assumption", f"model, % of its base ({SETS})", "study, %", "model on the study's base, jobs",
              "study, jobs", "model less study, jobs")  # fmt: skip
    return table(header, rows)


def _levels() -> str:
    found = pd.read_csv(DOCS / "studies" / "levels.csv")
    rows = []
    for (sweep, arm, year), part in found.groupby(["sweep", "arm", "year"], sort=False):
        by = part.set_index("series")
        cells = [
            f"{by.loc[name, 'mean']:,.0f} ({by.loc[name, 'lowest']:,.0f} to {by.loc[name, 'highest']:,.0f})"
            for name in ("posts_combustion", "posts_electric", "posts_automotive")
        ]
        rows.append((f"`{arm}`", year, *cells))
        assert sweep
    return table(("arm", "end of", "combustion parts", "electric parts", "all automotive posts"), rows)


RECORDS: dict[str, Callable[[], str]] = {
    "decisions": _decisions,
    "grades": _grades,
    "assumptions": _assumptions,
    "by-country": _by_country,
    "by-region": _by_region,
    "checks-counted": _checks_counted,
    "checks-missed": _checks_missed,
    "regions-stand": _regions_stand,
    "facts-record": _facts_record,
    "pages-of-proof": _pages_of_proof,
    "studies-published": _published,
    "studies-bw": lambda: _compared("bw"),
    "studies-bw-slow": lambda: _compared("bw-slow"),
    "studies-elab": lambda: _compared("elab"),
    "studies-ifo": lambda: _compared("ifo"),
    "studies-spain": lambda: _compared("es"),
    "studies-levels": _levels,
}
"""Tables of the written record by the name in a page."""
