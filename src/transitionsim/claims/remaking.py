"""Making results again from a recipe, run for run, with nothing but the code that is installed here.

A recipe may come from a stranger. It is data: its scenarios are read and not executed, the only files it may bring are
a profile and fits, under names of their own, and it can name no file of this machine.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PureWindowsPath
from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError

from transitionsim import __version__
from transitionsim.claims.recipe import damaged, digest_of_runs, draws_in
from transitionsim.claims.source import MANIFEST
from transitionsim.errors import InputError
from transitionsim.experiments.design import Arm, Design, Draw
from transitionsim.experiments.inputs import allowed, swept
from transitionsim.experiments.manifest import PROFILE
from transitionsim.experiments.paired import compared
from transitionsim.experiments.planning import Prepared, chunks_of, role_of
from transitionsim.experiments.results import Progress, Results, Simulate, run_design, simulate_model
from transitionsim.experiments.store import plan_from, write_plan
from transitionsim.provenance import Code
from transitionsim.regions.reading import names_a_file, settable

if TYPE_CHECKING:
    from transitionsim.experiments.engine import Tell
    from transitionsim.scenario import Scenario

OWN_FILE: Final = re.compile(r"region\.yaml|fit-[0-9a-f]{8}\.yaml")
"""The files that a recipe may bring."""
WITHOUT_RULES: Final = ", rules off"
NOT_OF_PLAN: Final = frozenset(
    {"kind", "code", "environment", "rules", "files", "keys", "rows", "table_sha256", "runs_sha256"}
)


@dataclass(frozen=True)
class Remade:
    """Results made again: the folder of their tables, and one digest of what the runs ended with."""

    folder: Path
    runs_sha256: str


def differences_of_code(recipe: Mapping[str, Any], now: Code) -> list[str]:
    """Return why other bytes may come of the code here, a sentence with the way out each; none where it is the same."""
    made, version = recipe["code"], recipe["version"]
    if version != now.version:
        text = f"made by version {version}, this is {now.version}"
        return [f"{text}; pip install transitionsim=={version}, or go on all the same with --any-code"]
    if not made.get("sources"):
        return ["does not say by which code it was made, or by several; try this one with --any-code"]
    found = []
    if made["sources"] != now.sources:
        commit = str(made.get("commit") or "")[:12]
        way = f"check out commit {commit}" if commit else "install the release that made it"
        text = f"made by other code than version {now.version} holds here (sources {str(made['sources'])[:12]}"
        found.append(f"{text}, here {now.sources[:12]}); {way}, or go on all the same with --any-code")
    if made.get("dirty"):
        text = "made in a working tree with changes that no commit holds, so that nobody can fetch the code"
        found.append(f"{text}; run it again from a commit, or go on all the same with --any-code")
    return found


def place_files(recipe: Mapping[str, Any], folder: Path) -> None:
    """Write the profile and the fits that a recipe brings into a folder; their names are cut to the last part."""
    for name, text in recipe["files"].items():
        own = PureWindowsPath(str(name)).name
        if not OWN_FILE.fullmatch(own):
            raise InputError.one("recipe", f"brings a file '{own}', which is neither a profile nor a fit; not read")
        (folder / own).write_text(str(text), encoding="utf-8")


def scenario_of(content: Mapping[str, Any], folder: Path) -> Scenario:
    """Return a scenario from its data, with its profile and its fit from ``folder`` and from nowhere else."""
    from transitionsim.scenario.schema import Scenario

    own = dict(content)
    for key, name in (("region", PROFILE), ("calibration", PureWindowsPath(str(own.get("calibration", ""))).name)):
        if names_a_file(str(own.get(key, ""))):
            if not OWN_FILE.fullmatch(name) or not (folder / name).is_file():
                raise InputError.one("recipe", f"a scenario rests on a {key} that it does not bring; not read")
            own[key] = f"./{name}"
    try:
        return Scenario.model_validate(own).placed(None, folder)
    except ValidationError:
        raise InputError.one("recipe", "holds a scenario that this version cannot read; see --any-code") from None


def scenarios_of(recipe: Mapping[str, Any], folder: Path, *, any_code: bool = False) -> list[Scenario]:
    """Return the scenario of each arm; raises :class:`InputError` where one is not what its digest says.

    With ``any_code`` the digest may differ: another version may say more of a scenario than the one that made it.
    """
    found = [scenario_of(one, folder) for one in recipe["scenarios"]]
    for arm, one in zip(recipe["arms"], found, strict=True):
        if not any_code and one.digest() != arm["digest"]:
            text = "the scenario is not the one that its digest names: it was altered after the results were made"
            raise InputError.one(str(arm["label"]), f"{text}; take the file as it was written")
    return found


def design_of(recipe: Mapping[str, Any], folder: Path, rules: Sequence[Path] = (), *, any_code: bool = False) -> Design:
    """Return the design of the recipe of a run or a comparison; ``folder`` takes its files."""
    with damaged("recipe"):
        place_files(recipe, folder)
        scenarios = scenarios_of(recipe, folder, any_code=any_code)
        baseline = next((str(one["label"]) for one in recipe["arms"] if one["role"] == "baseline"), "")
        arms = tuple(
            Arm(
                str(one["label"]), scenario, role_of(one["role"]),
                plain=bool(recipe["rules"]) and one["label"] == baseline + WITHOUT_RULES,
            )
            for one, scenario in zip(recipe["arms"], scenarios, strict=True)
        )  # fmt: skip
        draws = tuple(Draw(int(one["number"]), int(one["seed"]), one["values"]) for one in draws_in(recipe))
        register = scenarios[0].load_region().register
        varied = tuple(swept(settable(one)) for one in register.values() if one.key in recipe["keys"])
        return Design(arms, draws, varied, tuple(rules))


def prepared_of(recipe: Mapping[str, Any], folder: Path, *, any_code: bool = False) -> Prepared:
    """Return the plan of the recipe of a sweep; ``folder`` takes its files."""
    with damaged("recipe"):
        place_files(recipe, folder)
        scenarios = scenarios_of(recipe, folder, any_code=any_code)
        content = {key: value for key, value in recipe.items() if key not in NOT_OF_PLAN}
        plan = plan_from({**content, "draws": draws_in(recipe)})
        register = scenarios[0].load_region().register
        plan = replace(plan, swept=tuple(map(swept, allowed(register, [one.key for one in plan.swept]))))
        arms = tuple(replace(arm, digest=one.digest()) for arm, one in zip(plan.arms, scenarios, strict=True))
        plan = replace(plan, arms=arms, version=__version__)
        return Prepared(plan, tuple(scenarios), chunks_of(plan))


def remake_comparison(
    design: Design,
    folder: Path,
    *,
    processes: int | None = None,
    progress: Progress | None = None,
    simulate: Simulate = simulate_model,
) -> Remade:
    """Run a design again and write its tables and its manifest into a folder."""
    from transitionsim.report.folder import write_results

    results = run_design(design, processes=processes, progress=progress, simulate=simulate)
    compares = any(arm.role == "baseline" for arm in design.arms) and len(design.arms) > 1
    write_results(folder, results, compared(results) if compares else None)
    return Remade(folder, digest_of_runs(_digests(results)))


def _digests(results: Results) -> list[dict[str, Any]]:
    """Return what each run ended with, as a manifest holds it."""
    return [{"scenario": run.arm, "draw": run.draw, "digest": run.digest} for run in results.runs]


def remake_sweep(
    prepared: Prepared,
    folder: Path,
    *,
    workers: int | None = None,
    tell: Tell | None = None,
    simulate: Simulate = simulate_model,
) -> Remade:
    """Run a sweep again into a folder; an interrupted one raises ``KeyboardInterrupt``."""
    import json

    from transitionsim.experiments.engine import work_through
    from transitionsim.experiments.store import locked
    from transitionsim.experiments.workers import Processes

    with locked(folder):
        write_plan(folder, prepared)
        outcome = work_through(
            folder, prepared, Processes(workers), simulate=simulate, tell=tell or (lambda state: None)
        )  # fmt: skip
    if not outcome.complete:
        raise KeyboardInterrupt
    about = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    return Remade(folder, str(about["runs_sha256"]))
