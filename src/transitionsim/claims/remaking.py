"""Making results again from a recipe, run for run, with nothing but the code that is installed here."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from transitionsim.claims.recipe import CSV, digest_of
from transitionsim.errors import InputError
from transitionsim.experiments.design import Arm, Design, Draw
from transitionsim.experiments.manifest import as_json
from transitionsim.experiments.runner import Progress, Simulate, run_design, simulate_model
from transitionsim.experiments.store import tidy, write_csv
from transitionsim.provenance import Code
from transitionsim.regions.reading import names_a_file
from transitionsim.sweeps.planning import Prepared, chunks_of, role_of
from transitionsim.sweeps.reading import PLAN
from transitionsim.sweeps.store import PROFILE, read_plan

if TYPE_CHECKING:
    from transitionsim.scenario import Scenario
    from transitionsim.sweeps.engine import Tell


def differences_of_code(recipe: Mapping[str, Any], now: Code) -> list[str]:
    """Return why other bytes may come of this code, a sentence for each reason; none where it is the same."""
    made = recipe.get("code") or {}
    found = []
    if recipe["version"] != now.version:
        text = f"made by version {recipe['version']}, this is {now.version}"
        found.append(f"{text}; install transitionsim {recipe['version']}, or add --any-code")
    elif made.get("sources") and made["sources"] != now.sources:
        where = f"; check out commit {made['commit'][:12]}" if made.get("commit") and not made.get("dirty") else ""
        found.append(f"made by other code than version {now.version} here holds{where}, or add --any-code")
    elif not made.get("sources"):
        found.append("does not say by which code it was made; add --any-code to try it with this one")
    return found


def placed(recipe: Mapping[str, Any], folder: Path) -> None:
    """Write the files of the user's own that a recipe needs into a folder; their names are cut to the last part."""
    for name, text in dict(recipe.get("files") or {}).items():
        (folder / Path(str(name)).name).write_text(str(text), encoding="utf-8")


def design_of(recipe: Mapping[str, Any], folder: Path, rules: Sequence[Path] = ()) -> Design:
    """Return the design of a comparison's recipe; ``folder`` holds its files."""
    draws = tuple(Draw(one["draw"], one["seed"], one["values"]) for one in recipe["draws"])
    arms = tuple(
        Arm(
            one["label"], scenario_of(one["resolved"], folder), role_of(one["role"]),
            plain=bool(rules) and str(one["label"]).endswith(", rules off"),
        )
        for one in recipe["scenarios"]
    )  # fmt: skip
    changed = [
        arm.label for arm, one in zip(arms, recipe["scenarios"], strict=True) if arm.scenario.digest() != one["digest"]
    ]
    if changed:
        raise InputError.one(changed[0], "the scenario is not the one that its digest names; the recipe was altered")
    return Design(arms, draws, rules=tuple(rules))


def scenario_of(content: Mapping[str, Any], folder: Path) -> Scenario:
    """Return a scenario from its data, read and not executed; raises :class:`InputError` where it cannot be."""
    from transitionsim.scenario.schema import Scenario

    own = dict(content)
    if names_a_file(str(own.get("region", ""))):
        own["region"] = f"./{PROFILE}"
    if names_a_file(str(own.get("calibration", ""))):
        fits = sorted(folder.glob("fit-*.yaml"))
        own["calibration"] = f"./{fits[0].name}" if fits else own["calibration"]
    try:
        return Scenario.model_validate(own).placed(None, folder)
    except ValidationError:
        raise InputError.one(str(own.get("name", "scenario")), "cannot be read by this version") from None


def remake_comparison(
    recipe: Mapping[str, Any],
    folder: Path,
    *,
    rules: Sequence[Path] = (),
    processes: int | None = None,
    progress: Progress | None = None,
    simulate: Simulate = simulate_model,
) -> str:
    """Run a comparison again into a folder and return the SHA-256 of its table."""
    placed(recipe, folder)
    results = run_design(
        design_of(recipe, folder, rules), processes=processes, progress=progress, simulate=simulate
    )  # fmt: skip
    write_csv(tidy(results), folder / CSV)
    return digest_of(folder / CSV)


def prepared_of(recipe: Mapping[str, Any], folder: Path) -> Prepared:
    """Return the plan of a sweep's recipe, written into a folder and read back as any plan is."""
    placed(recipe, folder)
    others = ("kind", "code", "draws_done", "rules", "files", "table_sha256")
    content = {key: value for key, value in recipe.items() if key not in others}
    text = as_json(content, indent=1)
    digest = hashlib.sha256(text.encode()).hexdigest()
    (folder / PLAN).write_text(as_json({"sha256": digest, "plan": json.loads(text)}, indent=1) + "\n", encoding="utf-8")
    whole = read_plan(folder)
    done = int(recipe.get("draws_done") or len(whole.plan.draws))
    plan = replace(whole.plan, draws=whole.plan.draws[:done])
    return Prepared(plan, whole.scenarios, chunks_of(plan))


def remake_sweep(
    recipe: Mapping[str, Any],
    folder: Path,
    *,
    workers: int | None = None,
    tell: Tell | None = None,
    simulate: Simulate = simulate_model,
) -> str:
    """Run a sweep again into a folder and return the SHA-256 of its table."""
    from transitionsim.sweeps.engine import work_through
    from transitionsim.sweeps.workers import Processes

    prepared = prepared_of(recipe, folder)
    work_through(
        folder, prepared, Processes(workers), simulate=simulate, tell=tell or (lambda state: None)
    )  # fmt: skip
    return digest_of(folder / CSV)
