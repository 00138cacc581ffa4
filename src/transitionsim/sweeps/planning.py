"""Planning: a question becomes the arms, the draws and the chunks of work of a sweep, all known before it runs."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from transitionsim import __version__
from transitionsim.errors import InputError, Mistake
from transitionsim.experiments.design import (
    NO_TRANSITION,
    PLACEBO,
    Arm,
    Design,
    Role,
    no_transition_of,
    placebo_of,
)
from transitionsim.experiments.manifest import as_json
from transitionsim.experiments.outcomes import OUTCOMES
from transitionsim.sweeps.inputs import swept, uncertain, values_of
from transitionsim.sweeps.plan import Effect, Plan, PlannedArm, PlannedDraw
from transitionsim.sweeps.points import LEVELS, SEED, lever_points, settings
from transitionsim.sweeps.question import MOST_RUNS, SAMPLED, Question, placed, read_question

if TYPE_CHECKING:
    from transitionsim.evidence import Parameter
    from transitionsim.scenario import Scenario
    from transitionsim.yamlfile import Node

ARMS_A_CHUNK: Final = 8
"""Arms that are run together, in one process, on one start of the region; a draw of more arms is divided."""


@dataclass(frozen=True)
class Chunk:
    """A piece of work that is done and stored as a whole: some arms of one draw."""

    number: int
    draw: int
    arms: tuple[int, ...]
    """Places of its arms in the plan."""


@dataclass(frozen=True)
class Prepared:
    """A plan with what it takes to run it: the scenario of each arm and the chunks in order."""

    plan: Plan
    scenarios: tuple[Scenario, ...]
    chunks: tuple[Chunk, ...]

    @property
    def runs(self) -> int:
        """The runs of the whole plan."""
        return len(self.plan.arms) * len(self.plan.draws)


def prepare(path: Path) -> Prepared:
    """Return the plan of an experiment file; raise ``InputError`` with every mistake, each at its line."""
    question, tree = read_question(path)
    arms = _arms(question, tree)
    scenario = arms[0].scenario
    register = scenario.register()
    held = {key for arm in arms for key in _held(arm.scenario)}
    try:
        parameters = uncertain(question, register, held)
    except InputError as error:
        raise InputError(placed(error, tree, ["inputs"], "inputs")) from None
    draws = planned_draws(question.inputs_design, question.draws, question.seeds, parameters)
    names = [one.key for one in parameters]
    effect = question.smallest_effect
    planned = [
        PlannedArm(arm.label, arm.role, point, levers, arm.scenario.digest())
        for arm, (point, levers) in zip(arms, _points(question, len(arms)), strict=True)
    ]
    content: dict[str, Any] = {
        "question": question.question,
        "version": __version__,
        "region": scenario.load_region().code,
        "arms": tuple(planned),
        "draws": tuple(draws),
        "indicators": question.kept,
        "horizons": question.horizons or (int(scenario.at(scenario.months - 1)) // 12,),
        "smallest_effect": None if effect is None else Effect(effect.outcome, effect.size, _unit(effect.outcome)),
        "design": question.design if question.levers else "list",
        "swept": tuple(map(swept, parameters)),
        "sampling": _sampling(question, names, len(draws) // question.seeds),
        "futures": tuple(name for name, lever in question.levers.items() if lever.future),
    }
    _not_too_many(len(planned) * len(draws), tree)
    _horizons_within(content["horizons"], scenario, tree)
    plan = Plan(id=plan_id(content), **content)
    return Prepared(plan, tuple(arm.scenario for arm in arms), chunks_of(plan))


def chunks_of(plan: Plan) -> tuple[Chunk, ...]:
    """Return the chunks of a plan: draw by draw, the arms of each in groups."""
    groups = [range(first, len(plan.arms))[:ARMS_A_CHUNK] for first in range(0, len(plan.arms), ARMS_A_CHUNK)]
    pieces = [(draw.number, tuple(group)) for draw in plan.draws for group in groups]
    return tuple(Chunk(number, draw, arms) for number, (draw, arms) in enumerate(pieces))


def planned_draws(design: str, count: int, seeds: int, parameters: Sequence[Parameter]) -> list[PlannedDraw]:
    """Return the draws of a design: every draw of the inputs with each of its seeds, decided by these and nothing else.

    A seed is a draw's own, but the same for all samples of a screening design, whose noise cancels.
    """
    values = values_of(design, count, parameters) if parameters else [{}] * count
    shared = design in ("morris", "sobol")
    return [
        PlannedDraw(number * seeds + seed, seed if shared else number * seeds + seed, number, own)
        for number, own in enumerate(values)
        for seed in range(seeds)
    ]


def _arms(question: Question, tree: Node) -> list[Arm]:
    """Return all arms in their order: no transition, the baseline, scenarios, lever points, the placebo."""
    mistakes: list[Mistake] = []
    baseline = _scenario(question.baseline, question, tree, ["baseline"], mistakes)
    others = [
        (name, _scenario(name, question, tree, ["scenarios", place], mistakes))
        for place, name in enumerate(question.scenarios)
    ]
    if baseline is None:
        raise InputError(mistakes)
    arms = [Arm(Path(question.baseline).stem, baseline, "baseline")]
    if question.no_transition:
        arms.insert(0, Arm(NO_TRANSITION, no_transition_of(baseline), "no transition"))
    arms += [Arm(Path(name).stem, scenario) for name, scenario in others if scenario is not None]
    for point in lever_points(question):
        try:
            scenario = baseline.with_values(settings(question.levers, point))
        except InputError as error:
            lever = next((name for name in point if _names_it(error, question.levers[name].names)), next(iter(point)))
            mistakes += placed(error, tree, ["levers", lever], f"levers.{lever}")
            continue
        arms.append(Arm(_distinct(_label(point), arms), scenario))
    if question.placebo:
        arms.append(Arm(PLACEBO, placebo_of(baseline), "placebo"))
    if mistakes:
        raise InputError(list(dict.fromkeys(mistakes)))
    _paired(arms, tree)
    return arms


def _scenario(
    name: str, question: Question, tree: Node, loc: Sequence[str | int], mistakes: list[Mistake]
) -> Scenario | None:
    from transitionsim.scenario import load_scenario

    beside = Path(tree.place.file).parent / name
    try:
        # A path counts from the experiment file, so that a question means the same wherever it is asked.
        found = load_scenario(beside if Path(name).parent != Path() and beside.is_file() else name)
    except InputError as error:
        mistakes += [
            mistake if mistake.line is not None else one
            for mistake, one in zip(error.mistakes, placed(error, tree, loc, name), strict=True)
        ]
        return None
    try:
        return found.with_values(question.set) if question.set else found
    except InputError as error:
        mistakes += placed(error, tree, ["set"], "set")
        return None


def _names_it(error: InputError, keys: Sequence[str]) -> bool:
    return any(key in mistake.text for mistake in error.mistakes for key in keys)


def _paired(arms: Sequence[Arm], tree: Node) -> None:
    """Refuse arms that cannot be paired and labels that stand for two."""
    try:
        Design(tuple(arms), (None,))  # type: ignore[arg-type]
    except InputError as error:
        raise InputError([Mistake(tree.place.file, tree.place.line, str(one)) for one in error.mistakes]) from None


def _distinct(label: str, arms: Sequence[Arm]) -> str:
    """Return the label of a point; trajectories of a screening design may meet, and both need their own."""
    known = {arm.label for arm in arms}
    names = (label, *(f"{label} ({place})" for place in range(2, len(arms) + 2)))
    return next(name for name in names if name not in known)


def _label(point: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}={_said(value)}" for name, value in point.items())


def _said(value: Any) -> str:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "/".join(map(_said, value))
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return f"{value:_}"
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _points(question: Question, count: int) -> list[tuple[int, dict[str, Any]]]:
    """Return the number and levers of the point of each arm; -1 and none for scenarios and reference arms."""
    points = [(number, dict(point)) for number, point in enumerate(lever_points(question))]
    before = int(question.no_transition) + 1 + len(question.scenarios)
    after = count - before - len(points)
    return [(-1, {})] * before + points + [(-1, {})] * after


def _held(scenario: Scenario) -> set[str]:
    """Return the registered parameters that a scenario sets itself, or takes over from a fit."""
    fit = scenario.fit()
    own = {"labour_content"} & set(scenario.model_fields_set)
    return {*scenario.parameters, *own, *(fit.values if fit else ())}


def _unit(outcome: str) -> str:
    return next((one.unit for one in OUTCOMES if one.key == outcome), "")


def _sampling(question: Question, names: list[str], draws: int) -> dict[str, Any]:
    """Return what an analysis must know of a sampled design, of inputs or else of levers."""
    if names and question.inputs_design != "random":
        blocks = draws // (len(names) + 2) if question.inputs_design == "sobol" else question.draws
        return {"kind": question.inputs_design, "names": names, "size": blocks, "num_levels": LEVELS, "seed": SEED}
    if question.levers and question.design in SAMPLED:
        count = len(question.levers)
        blocks = len(lever_points(question)) // (count + 2) if question.design == "sobol" else question.size
        own = {"kind": question.design, "names": list(question.levers), "size": blocks}
        return {**own, "num_levels": LEVELS, "seed": SEED}
    return {}


def _horizons_within(horizons: Sequence[int], scenario: Scenario, tree: Node) -> None:
    first, last = int(scenario.start) // 12, int(scenario.at(scenario.months - 1)) // 12
    wrong = [year for year in horizons if not first <= year <= last]
    if wrong:
        place = tree.nearest_place(["horizons"])
        text = f"horizons: found {wrong[0]}; {first} to {last} is allowed"
        raise InputError([Mistake(place.file, place.line, text)])


def _not_too_many(runs: int, tree: Node) -> None:
    if runs > MOST_RUNS:
        place = tree.nearest_place(["draws"])
        raise InputError(
            [Mistake(place.file, place.line, f"asks for {runs:,} runs; at most {MOST_RUNS:,} are allowed")]
        )


def plan_id(content: Mapping[str, Any]) -> str:
    """Return the short id of a plan: eight hex digits of everything that decides a number in it.

    ``content`` has the arms, draws, version, indicators and horizons of a plan by their names.
    """
    arms = [[arm.label, arm.role, arm.point, arm.digest] for arm in content["arms"]]
    draws = [[draw.number, draw.seed, draw.inputs, dict(draw.values)] for draw in content["draws"]]
    rest = [content["version"], list(content["indicators"]), list(content["horizons"])]
    return hashlib.sha256(as_json({"arms": arms, "draws": draws, "rest": rest}).encode()).hexdigest()[:8]


def role_of(text: str) -> Role:
    """Return a role from its word in a plan."""
    roles: tuple[Role, ...] = ("no transition", "baseline", "scenario", "placebo")
    found = next((role for role in roles if role == text), None)
    if found is None:
        raise ValueError(f"no role '{text}'")
    return found
