"""The tables that all regions share: job profiles with their skills, component groups with their content."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from ruamel.yaml import YAML

from transitionsim.columns import GROUP_NAMES, POWERTRAINS
from transitionsim.structure import Components, JobProfiles

FOLDER: Final = Path(__file__).parent / "tables"


def _read(name: str) -> Any:
    return YAML(typ="safe", pure=True).load((FOLDER / name).read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def job_profiles() -> JobProfiles:
    """Return the job profiles, read once."""
    data = _read("job_profiles.yaml")
    entries = data["profiles"]
    staffing = np.array([entry["staffing"] for entry in entries.values()], dtype=np.float64).T
    return JobProfiles(
        names=tuple(entries),
        isco=tuple(entry["isco"] for entry in entries.values()),
        requirement=np.array([entry["skills"] for entry in entries.values()], dtype=np.int64),
        wage=np.array([entry["wage"] for entry in entries.values()], dtype=np.float64),
        level=np.array([entry["level"] for entry in entries.values()], dtype=np.int64),
        staffing=staffing / staffing.sum(axis=1, keepdims=True),
    )


@lru_cache(maxsize=1)
def components() -> Components:
    """Return the content of vehicles by component group, read once."""
    data = _read("components.yaml")
    order = [GROUP_NAMES.index(name) for name in ("engine", "transmission", "exhaust_and_fuel")]
    turns_to = np.full(len(GROUP_NAMES), -1, dtype=np.int64)
    for group in order:
        turns_to[group] = GROUP_NAMES.index(data["turns_to"][GROUP_NAMES[group]])
    labour = {}
    for reading, factors in data["labour_content"].items():
        row = [factors.get(name, 1.0) for name in GROUP_NAMES]
        labour[reading] = np.array([*row, factors["assembly"]], dtype=np.float64)
    if tuple(data["powertrains"]) != POWERTRAINS:
        raise ValueError("components.yaml lists the powertrains in another order than the model")
    content = np.array([data["content"][name] for name in GROUP_NAMES], dtype=np.float64)
    return Components(content=content, turns_to=turns_to, labour=labour)


def shortfall(held: NDArray[np.int64], required: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the one-sided skill distance ``sum max(0, required - held) / sum required``.

    ``held`` has shape (people, skills), ``required`` (profiles, skills); returns shape (people, profiles) in
    [0, 1]. Surplus skill is free, missing skill has to be trained (SkiLMeeT and ESCO distances are symmetric;
    the one-sided form is a choice of this model).
    """
    missing = np.maximum(0, required[None, :, :] - held[:, None, :]).sum(axis=2)
    return np.asarray(missing / required.sum(axis=1)[None, :])


def sum_over_powertrains(content: NDArray[np.float64], mix: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return content per car, shape (months, groups), for mixes of shape (months, powertrains).

    Written out term by term: the same bits on every machine.
    """
    total = np.zeros((len(mix), len(content)))
    for p in range(content.shape[1]):
        total = total + mix[:, p : p + 1] * content[None, :, p]
    return total


def dearer_labour(parts: Components, reading: str) -> NDArray[np.float64]:
    """Return by combustion group how much more labour the electric set takes that a firm would turn to, as a share.

    Shape (groups,); 0 under the equal reading and for groups that turn to nothing.
    """
    factor = parts.labour[reading][: len(GROUP_NAMES)]
    return np.where(parts.turns_to >= 0, factor[parts.turns_to] - 1.0, 0.0)
