"""What courses can do and what they cannot: nothing without vacancies, harm first, help later."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from soak.record import Line
from soak.runs import Series, Size, together
from transitionsim.columns import EMPLOYED
from transitionsim.experiments.displacement import displacement
from transitionsim.model import TransitionModel, simulate

BEGIN = 24
"""Month in which the shipped programme begins."""
AFTER = {"policies.reskilling.starts": "after-dismissal", "policies.reskilling.target": "everyone"}


def without_vacancies(size: Size) -> list[Line]:
    """From the first month of the programme on no vacancy is posted: courses move nobody into work."""
    name = "no vacancies from the first month of the courses on"
    lines = []
    for words, own in (("courses after dismissal", AFTER), ("courses on notice", {})):
        hired, apart, trained = np.sum([_closed_market(size, seed, own) for seed in size.seeds], axis=0)
        none = 0.0 if own else None
        note = "" if own else "people on notice may be kept by their own firm after a course"
        lines += [
            size.line(name, f"{words}: hires, with less without", hired, "persons", low=0.0, high=0.0),
            size.line(name, f"{words}: rows whose job differs, all months", apart, "row-months", low=none, high=none,
                      note=note),
            size.line(name, f"{words}: courses completed", trained, "persons", low=1.0),
        ]  # fmt: skip
    return lines


def _closed_market(size: Size, seed: int, own: dict[str, Any]) -> tuple[float, float, float]:
    models = [
        TransitionModel(size.load(name, values, BEGIN + 48), rng=seed)
        for name, values in (("reskilling", own), ("current-policy", {}))
    ]
    apart = 0
    while models[0].running:
        for model in models:
            if model.month == BEGIN:
                model.state.settings = replace(model.state.settings, openings=False)
            model.step()
        employed = [model.state.workers["status"] == EMPLOYED for model in models]
        apart += int((employed[0] != employed[1]).sum())
    hired = float(models[0].series["hires"].sum() - models[1].series["hires"].sum())
    return hired, float(apart), float(models[0].series["trainees_completed"].sum())


def zero_quality(size: Size) -> list[Line]:
    """Courses that add no skill keep people from the search and give them nothing."""
    arms = [(_taught_nothing(size, seed, True), _taught_nothing(size, seed, False)) for seed in size.seeds]
    name = "courses that teach nothing, for everyone after dismissal"
    lines = []
    for words, names in (
        ("unemployed and in training", ("unemployed", "in_training")),
        ("the long-term part of them", ("long_term_unemployed", "long_term_in_training")),
    ):
        more = np.mean([together(arm, names) - together(still, names) for arm, still in arms], axis=0)
        years = more[BEGIN : BEGIN + 84].reshape(-1, 12).mean(axis=1)
        lines.append(size.line(name, f"{words}, mean of the programme's years", years.mean(), "persons", low=0.0))
        lines.append(size.line(name, f"{words}, lowest of its years", years.min(), "persons", low=0.0))
    return lines


def _taught_nothing(size: Size, seed: int, courses: bool) -> Series:
    scenario = size.load("reskilling", AFTER, BEGIN + 84) if courses else size.load("current-policy", {}, BEGIN + 84)
    model = TransitionModel(scenario, rng=seed)
    model.state.world["course_quality"] = 0.0
    model.state.world["course_quality_spread"] = 0.0
    return model.run().series


def paired_selves(size: Size) -> list[Line]:
    """Participants against their own lives without the courses."""
    found, more, vacant = [], [], []
    for seed in size.seeds:
        arms = [simulate(size.load(name), seed, careers=True) for name in ("reskilling", "current-policy")]
        assert arms[0].careers is not None
        assert arms[1].careers is not None
        found.append(displacement(arms[0].careers, arms[1].careers))
        more.append(float((arms[0].series["employment"] - arms[1].series["employment"])[-12:].mean()))
        vacant.append(float(arms[1].series["vacancies"][0]))
    windows = np.mean([one.since_course for one in found], axis=0)
    name = "participants against their paired selves, reskilling beside current policy"
    stock = float(np.mean(vacant))
    return [
        size.line(name, "months 1 to 9", windows[0], "points of employment", high=0.0, note="held out, not tuned"),
        size.line(name, "months 10 to 24", windows[1], "points of employment", low=-3.0, high=3.0,
                  note="the book says about 0; the band of 3 points is ours"),
        size.line(name, "months 25 to 36", windows[2], "points of employment", low=0.0),
        size.line(name, "participants", np.mean([one.participants for one in found]), "persons"),
        size.line(name, "what others lose of what they win", np.mean([one.ratio for one in found]), "ratio"),
        size.line(name, "regional employment in the last year", np.mean(more), "persons", low=-stock, high=stock,
                  note="band: the vacancies of the first month, posts being fixed"),
    ]  # fmt: skip


CHECKS = (without_vacancies, zero_quality, paired_selves)
