"""Planning: a question becomes the arms, the draws and the chunks of work of an experiment, known before it runs.

A comparison is a question without levers: by command line, from Python or in a file it is the same plan.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from transitionsim import __version__
from transitionsim.errors import InputError, Mistake
from transitionsim.experiments.design import (
    COURSES,
    NO_TRANSITION,
    NOISE_AND_INPUTS,
    NOISE_ONLY,
    PLACEBO,
    Arm,
    Role,
    Swept,
    no_transition_of,
    pairing_mistakes,
    placebo_of,
)
from transitionsim.experiments.inputs import keys_set_by, swept, uncertain, values_of
from transitionsim.experiments.manifest import as_json
from transitionsim.experiments.outcomes import OUTCOMES
from transitionsim.experiments.plan import Effect, Plan, PlannedArm, PlannedDraw, RuleFile
from transitionsim.experiments.points import LEVELS, SEED, lever_points, settings
from transitionsim.experiments.question import MOST_RUNS, NONE, SAMPLED, SWEPT, Question, placed, read_question
from transitionsim.experiments.rules import rule_files

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
class Design:
    """A plan with what it takes to run it: the scenario of each arm, and files of rules where they were given."""

    plan: Plan
    scenarios: tuple[Scenario, ...]
    rule_paths: tuple[Path, ...] = ()

    @cached_property
    def arms(self) -> tuple[Arm, ...]:
        """The arms with their scenarios, in the order of the plan."""
        return tuple(
            Arm(arm.label, scenario, arm.role, arm.without_rules)
            for arm, scenario in zip(self.plan.arms, self.scenarios, strict=True)
        )

    @cached_property
    def chunks(self) -> tuple[Chunk, ...]:
        """The chunks of work in order."""
        return chunks_of(self.plan)

    @property
    def draws(self) -> tuple[PlannedDraw, ...]:
        """The draws that all arms share."""
        return self.plan.draws

    @property
    def swept(self) -> tuple[Swept, ...]:
        """The inputs that vary over draws."""
        return self.plan.swept

    @property
    def rules(self) -> tuple[RuleFile, ...]:
        """The files of rules of one's own."""
        return self.plan.rules

    @property
    def runs(self) -> int:
        """The runs of the whole plan."""
        return len(self.plan.arms) * len(self.plan.draws)

    @property
    def baseline(self) -> Arm:
        """The arm that losses avoided are counted against (the first one when nothing is compared)."""
        return next((arm for arm in self.arms if arm.role == "baseline"), self.arms[0])

    @property
    def shown(self) -> tuple[Arm, ...]:
        """The arms a user asked for: the baseline, then the scenarios in their order."""
        return tuple(arm for arm in self.arms if arm.role in ("baseline", "scenario"))

    @property
    def follows_careers(self) -> bool:
        """Whether single careers are kept, which only scenarios with courses need, to say whom courses displace."""
        courses = any(policy.kind == COURSES for arm in self.shown[1:] for policy in arm.scenario.policies)
        return self.plan.whole and courses

    @property
    def interval_holds(self) -> str:
        """Which uncertainty an interval over the draws holds, in words."""
        return NOISE_AND_INPUTS if self.plan.swept else NOISE_ONLY


def prepare(path: Path) -> Design:
    """Return the design of an experiment file; raise ``InputError`` with every mistake, each at its line."""
    question, tree = read_question(path)
    return _designed(question, *_loaded(question, tree), tree=tree)


def comparison_design(
    baseline: Arm,
    scenarios: Sequence[Arm],
    *,
    draws: int = 24,
    seeds: int | None = None,
    rules: Sequence[Path] = (),
) -> Design:
    """Return the design of a comparison over ``draws`` of inputs, or over ``seeds`` alone when that is given.

    No transition and the placebo are added. Raises :class:`InputError` when arms cannot be paired, and for fewer than
    one draw.
    """
    count = _at_least_one("--draws", draws) if seeds is None else _at_least_one("--seeds", seeds)
    labels = tuple(arm.label for arm in scenarios)
    question = Question(
        question=f"What do {', '.join(labels) or 'no scenarios'} change about {baseline.label}?",
        baseline=baseline.label, scenarios=labels, inputs=SWEPT if seeds is None else NONE, draws=count,
    )  # fmt: skip
    return _designed(question, baseline, scenarios, rules=rules)


def single_design(arm: Arm, *, seeds: int, rules: Sequence[Path] = ()) -> Design:
    """Return the design of runs of one scenario alone, compared with nothing, over ``seeds`` with inputs held fixed."""
    question = Question(
        question=f"How does {arm.label} go?", baseline=arm.label, draws=_at_least_one("--seeds", seeds),
        no_transition=False, placebo=False,
    )  # fmt: skip
    return _designed(question, arm, (), rules=rules)


def _at_least_one(option: str, count: int) -> int:
    if count < 1:
        raise InputError.one(option, f"found {count}, at least 1 is needed")
    return count


def _designed(
    question: Question,
    baseline: Arm,
    scenarios: Sequence[Arm],
    points: Sequence[Scenario] = (),
    *,
    tree: Node | None = None,
    rules: Sequence[Path] = (),
) -> Design:
    arms = _arms(question, baseline, scenarios, points, bool(rules), tree)
    return planned(question, arms, _points(question, arms), tree=tree, rules=rules)


def planned(
    question: Question,
    arms: Sequence[Arm],
    points: Sequence[tuple[int, Mapping[str, Any]]],
    *,
    tree: Node | None = None,
    rules: Sequence[Path] = (),
) -> Design:
    """Return the design of a question over given arms, each with its lever point (-1 and nothing for none)."""
    scenario = next((arm.scenario for arm in arms if arm.role == "baseline"), arms[0].scenario)
    held = {key for arm in arms for key in keys_set_by(arm.scenario)}
    try:
        parameters = uncertain(question, scenario.register(), held)
    except InputError as error:
        raise (error if tree is None else InputError(placed(error, tree, ["inputs"], "inputs"))) from None
    draws = planned_draws(question.inputs_design, question.draws, question.seeds, parameters)
    names = [one.key for one in parameters]
    effect = question.smallest_effect
    planned = [
        PlannedArm(arm.label, arm.role, point, levers, arm.scenario.digest(), arm.without_rules)
        for arm, (point, levers) in zip(arms, points, strict=True)
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
        "rules": rule_files(rules),
        "denominator": scenario.load_region().denominator,
        "whole": not (question.levers or question.indicators),
    }
    if tree is not None:
        _not_too_many(len(planned) * len(draws), tree)
        _horizons_within(content["horizons"], scenario, tree)
    plan = Plan(id=plan_id(content), **content)
    return Design(plan, tuple(arm.scenario for arm in arms), tuple(rules))


def chunks_of(plan: Plan) -> tuple[Chunk, ...]:
    """Return the chunks of a plan: draw by draw, the arms of each in groups; where pairs are kept, all together."""
    size = len(plan.arms) if plan.whole else ARMS_A_CHUNK
    groups = [range(first, len(plan.arms))[:size] for first in range(0, len(plan.arms), size)]
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


def _loaded(question: Question, tree: Node) -> tuple[Arm, list[Arm], list[Scenario]]:
    """Return baseline, scenarios and lever points of an experiment file; every mistake in any of them is told."""
    mistakes: list[Mistake] = []
    baseline = _scenario(question.baseline, question, tree, ["baseline"], mistakes)
    others = [
        (name, _scenario(name, question, tree, ["scenarios", place], mistakes))
        for place, name in enumerate(question.scenarios)
    ]
    if baseline is None:
        raise InputError(mistakes)
    points = []
    for point in lever_points(question):
        try:
            points.append(baseline.with_values(settings(question.levers, point)))
        except InputError as error:
            lever = next((name for name in point if _names_it(error, question.levers[name].names)), next(iter(point)))
            mistakes += placed(error, tree, ["levers", lever], f"levers.{lever}")
    if mistakes:
        raise InputError(list(dict.fromkeys(mistakes)))
    scenarios = [Arm(Path(name).stem, scenario) for name, scenario in others if scenario is not None]
    return Arm(Path(question.baseline).stem, baseline), scenarios, points


def _arms(
    question: Question,
    baseline: Arm,
    scenarios: Sequence[Arm],
    points: Sequence[Scenario],
    with_rules: bool,
    tree: Node | None,
) -> list[Arm]:
    """Return all arms in their order: no transition, the baseline, scenarios, lever points, the placebo."""
    own = baseline.scenario
    alone = not (question.no_transition or question.placebo or question.levers or scenarios)
    arms = [Arm(NO_TRANSITION, no_transition_of(own), "no transition")] if question.no_transition else []
    arms.append(Arm(baseline.label, own, "scenario" if alone else "baseline"))
    if with_rules and not alone:
        arms.append(Arm(f"{baseline.label}, rules off", own, without_rules=True))
    arms += [Arm(arm.label, arm.scenario) for arm in scenarios]
    for point, scenario in zip(lever_points(question), points, strict=True):
        arms.append(Arm(_distinct(_label(point), arms), scenario))
    if question.placebo:
        arms.append(Arm(PLACEBO, placebo_of(own), "placebo"))
    mistakes = pairing_mistakes(arms)
    if mistakes and tree is not None:
        mistakes = [Mistake(tree.place.file, tree.place.line, str(one)) for one in mistakes]
    if mistakes:
        raise InputError(mistakes)
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


def _points(question: Question, arms: Sequence[Arm]) -> list[tuple[int, dict[str, Any]]]:
    """Return the number and levers of the point of each arm; -1 and none for scenarios and reference arms."""
    points = [(number, dict(point)) for number, point in enumerate(lever_points(question))]
    after = int(question.placebo)
    before = len(arms) - len(points) - after
    return [(-1, {})] * before + points + [(-1, {})] * after


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
    if content["rules"]:
        rest.append([rule.sha256 for rule in content["rules"]])
    return hashlib.sha256(as_json({"arms": arms, "draws": draws, "rest": rest}).encode()).hexdigest()[:8]


def role_of(text: str) -> Role:
    """Return a role from its word in a plan."""
    roles: tuple[Role, ...] = ("no transition", "baseline", "scenario", "placebo")
    found = next((role for role in roles if role == text), None)
    if found is None:
        raise ValueError(f"no role '{text}'")
    return found
