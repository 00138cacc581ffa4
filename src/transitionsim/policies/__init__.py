"""Policies: one module each, found by looking into this folder, so that removing a module removes the policy.

A policy module defines one class derived from :class:`Policy` whose ``kind`` is the word scenario files use. The
class says all there is to the policy: its keys in a scenario, its columns, its series, its steps and their places in
the month, its identities, and how it begins in a run.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from transitionsim.columns import EMPLOYER, WORKER, Column
from transitionsim.errors import nearest
from transitionsim.policies.base import Policy
from transitionsim.sentences import problems, shown

__all__ = ["Policy", "kinds", "policy_from", "populations"]


@lru_cache(maxsize=1)
def populations() -> Mapping[str, tuple[Column, ...]]:
    """Return the columns of every population: its own table, then what policies keep in its rows.

    All policies there are, not those of a scenario: rows are alike in all arms of a comparison.
    """
    tables = {"workers": WORKER, "employers": EMPLOYER}
    added = {name: [one for policy in kinds().values() for one in policy.columns.get(name, ())] for name in tables}
    return MappingProxyType({name: (*table, *added[name]) for name, table in tables.items()})


@lru_cache(maxsize=1)
def kinds() -> Mapping[str, type[Policy]]:
    """Return every kind of policy by the word that scenario files use for it."""
    found = {}
    for module in pkgutil.iter_modules(__path__):
        content = vars(importlib.import_module(f"{__name__}.{module.name}"))
        for policy in content.values():
            if isinstance(policy, type) and issubclass(policy, Policy) and policy is not Policy:
                found[policy.word()] = policy
    return MappingProxyType(dict(sorted(found.items())))


def policy_from(found: object) -> Policy:
    """Return the policy that a mapping describes; its ``kind`` says which.

    Raises a pydantic ``ValidationError`` whose messages are plain sentences.
    """
    if isinstance(found, Policy):
        return found
    if not isinstance(found, Mapping):
        raise ValueError(f"found {shown(found)}; a policy is a mapping with kind, from and to")
    kind = found.get("kind")
    if kind is None:
        raise problems("Policy", [(("kind",), "is missing" + nearest("", kinds()))])
    policy = kinds().get(kind) if isinstance(kind, str) else None
    if policy is None:
        raise problems("Policy", [(("kind",), f"no policy {shown(kind)}" + nearest(str(kind), kinds()))])
    return policy.model_validate(found)
