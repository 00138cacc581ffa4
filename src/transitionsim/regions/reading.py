"""Read region profiles and what they inherit: the assumptions of their country, then those that all share."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from transitionsim.errors import InputError, Mistake, nearest
from transitionsim.evidence import LABOUR_CONTENT, Parameter, Register, Sourced, load_register
from transitionsim.regions.schema import Country, Region
from transitionsim.sentences import mistakes_in
from transitionsim.yamlfile import Node, is_file, read_yaml

PROFILES: Final = Path(__file__).parent / "profiles"
COUNTRIES: Final = Path(__file__).parent / "countries"
ASSUMPTIONS: Final = "assumptions.yaml"


def region_codes() -> tuple[str, ...]:
    """Return the codes of the regions that come with the package."""
    return tuple(sorted(path.stem for path in PROFILES.glob("*.yaml") if path.name != ASSUMPTIONS))


@lru_cache(maxsize=1)
def base_register() -> Register:
    """Return the assumptions that all regions inherit."""
    return load_register(PROFILES / ASSUMPTIONS)


def settable(parameter: Parameter) -> Parameter:
    """Return a parameter whose range lies within what a scenario may set; a country's own range may be wider.

    Draws take their values from this range, since a draw is a scenario with other values.
    """
    shared = base_register().get(parameter.key)
    if shared is None or shared.low is None or shared.high is None or parameter.low is None or parameter.high is None:
        return parameter
    low, high = max(parameter.low, shared.low), min(parameter.high, shared.high)
    if low > high:  # what the country says lies outside: it stays as it is
        low = high = parameter.low
    return parameter.model_copy(update={"low": low, "high": high})


def country_codes() -> tuple[str, ...]:
    """Return the codes of the countries that have assumptions of their own."""
    return tuple(sorted(path.stem for path in COUNTRIES.glob("*.yaml")))


@lru_cache(maxsize=64)
def country_register(code: str) -> Register:
    """Return the shared assumptions with a country's own in place of some; the shared ones for any other country."""
    if code not in country_codes():
        return base_register()
    return base_register().with_sourced(load_country(code).assumptions, f"country {code}")


def load_country(code: str) -> Country:
    """Return a country that comes with the package, by its code."""
    return read_country(COUNTRIES / f"{code}.yaml")


def read_country(path: Path) -> Country:
    """Return the country whose assumptions stand in a file; raise ``InputError`` with every mistake in it."""
    tree = read_yaml(path)
    try:
        country = Country.model_validate(tree.plain())
    except ValidationError as error:
        raise InputError(mistakes_in(error, tree)) from None
    mistakes = _unfit_assumptions(country.assumptions, base_register(), tree)
    if country.code != path.stem:
        place = tree.nearest_place(["code"])
        mistakes.insert(0, Mistake(place.file, place.line, f"code: found '{country.code}'; the file is {path.name}"))
    if mistakes:
        raise InputError(mistakes)
    return country


def names_a_file(region: str) -> bool:
    """Return whether a region is named by a path to a file of the user's own, and not by a code."""
    return region.endswith((".yaml", ".yml")) or "/" in region or "\\" in region


def load_region(code_or_path: str | Path, folder: Path | None = None) -> Region:
    """Return a region by its code, or by the path of a profile from ``folder`` (the working folder).

    Raises ``InputError`` for an unknown code and for every mistake in the profile.
    """
    named = str(code_or_path)
    if names_a_file(named):
        return read_region((folder or Path()) / named)
    codes = region_codes()
    if named not in codes:
        raise InputError.one("region", f"no region '{named}'" + nearest(named, codes))
    return _shipped(named)


@lru_cache(maxsize=64)
def _shipped(code: str) -> Region:
    return read_region(PROFILES / f"{code}.yaml")


def is_profile(path: Path) -> bool:
    """Return whether a file holds the profile of a region and not a scenario."""
    return is_file(path) and read_yaml(path).child("facts") is not None


def read_region(path: Path) -> Region:
    """Return the region whose profile stands in a file; raise ``InputError`` with every mistake in it."""
    tree = read_yaml(path)
    mistakes: list[Mistake] = []
    try:
        region = Region.model_validate(tree.plain())
    except ValidationError as error:
        raise InputError(mistakes_in(error, tree)) from None
    inherited = country_register(region.country)
    mistakes = _unfit_assumptions(region.assumptions, inherited, tree)
    if mistakes:
        raise InputError(mistakes)
    region._register = inherited.with_sourced(region.assumptions, f"region {region.code}")
    return region


def _unfit_assumptions(assumptions: Mapping[str, Sourced], register: Register, tree: Node) -> list[Mistake]:
    """Return what does not fit the register that is inherited; a value without a range of its own lies in that one."""
    mistakes = []
    for key, own in assumptions.items():
        text = None
        if key == LABOUR_CONTENT:
            text = "is a key of scenarios; a region or a country does not set it"
        elif key not in register:
            text = "unknown parameter" + nearest(key, register)
        elif own.unit != register[key].unit:
            text = f"unit is '{own.unit}'; '{register[key].unit}' is needed"
        elif own.low is None:
            text = register[key].problem_with(own.value)
        elif register[key].whole and any(part is not None and part % 1 for part in (own.number, own.low, own.high)):
            text = "value, low and high must be whole numbers"
        if text is not None:
            place = tree.nearest_place(["assumptions", key])
            mistakes.append(Mistake(place.file, place.line, f"assumptions.{key}: {text}"))
    return mistakes
