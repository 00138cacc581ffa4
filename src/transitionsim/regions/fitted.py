"""Values fitted to a region, as they are kept: a file with residuals and a digest, read and checked here.

A fit says for which profile and which register it was made and carries a digest of all it says. One that was altered,
or made for something else, is refused: fitted values are frozen.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from pydantic import Field, ValidationError

from transitionsim.errors import InputError
from transitionsim.evidence import FITTED, Grade
from transitionsim.regions.reading import names_a_file
from transitionsim.regions.schema import Region
from transitionsim.sentences import Flag, Number, PlainModel, Text, Whole, mistakes_in
from transitionsim.yamlfile import is_file, read_yaml, shown_path

FITS: Final = Path(__file__).parent / "fits"
NO_FIT: Final = "none"
STORED: Final = "stored"


class FittedValue(PlainModel):
    """One parameter: its value and how sure it is."""

    value: Number = Field(description="the value fitted")
    unit: Text = Field(description="what one of it is")
    before: Number = Field(description="the value of the register that it replaces")
    low: Number = Field(description="lowest value tried: the register's")
    high: Number = Field(description="highest value tried: the register's")
    at_edge: Flag = Field(description="whether the fit stopped at an end of the range")
    error_of_chance: Number = Field(ge=0.0, description="standard error by the luck of the seeds")
    error_of_targets: Number = Field(
        ge=0.0, description="standard error if each target were off by its tolerance, independently"
    )


class FittedTarget(PlainModel):
    """One target: what it should be, what the model does, and how far that is off."""

    target: Number = Field(description="what the record says")
    simulated: Number = Field(description="what the fitted model does, mean over the seeds")
    unit: Text = Field(description="what one of it is")
    tolerance: Number = Field(gt=0.0, description="how far off counts as one")
    misfit: Number = Field(description="simulated less target, in tolerances")
    counted: Number = Field(gt=0.0, description="what the misfit was divided by: tolerance and chance together")
    grade: Grade = Field(description="grade of the target")
    source: Text = Field(description="where the target comes from")


class Fit(PlainModel):
    """Values fitted to a region, with residuals, and a digest over everything."""

    region: Text = Field(description="code of the region")
    profile: Text = Field(description="digest of the profile the values were fitted to")
    register_digest: Text = Field(alias="register", description="digest of the register they were fitted with")
    version: Text = Field(description="version of transitionsim that fitted them")
    persons_per_agent: Whole = Field(ge=1, description="people that one row stood for")
    months: Whole = Field(ge=1, description="months simulated after the burn-in")
    seeds: tuple[Whole, ...] = Field(min_length=1, description="seeds, the same for every evaluation")
    points: Whole = Field(ge=1, description="points of the design")
    runs: Whole = Field(ge=1, description="runs of the model in all")
    free_parameters: Whole = Field(ge=1, description="number of parameters fitted")
    targets_counted: Whole = Field(ge=1, description="number of targets")
    directions: Whole = Field(ge=0, description="directions of the parameters in which the targets move by a tolerance")
    parameters: dict[str, FittedValue] = Field(description="the parameters fitted")
    targets: dict[str, FittedTarget] = Field(description="the targets and what the fit makes of them")
    digest: Text = Field(default="", description="SHA-256 of everything above, in canonical JSON")

    @property
    def values(self) -> dict[str, float]:
        """The fitted values by the key of the register."""
        return {key: one.value for key, one in self.parameters.items()}

    @property
    def origin(self) -> str:
        """What a register says about where these values come from."""
        return f"{FITTED} to region {self.region}, {self.digest[:8]}"

    def content(self) -> dict[str, Any]:
        """Return everything but the digest, as a file would hold it."""
        return self.model_dump(mode="json", by_alias=True, exclude={"digest"})

    def sealed(self) -> Fit:
        """Return the fit with the digest of what it says."""
        return self.model_copy(update={"digest": digest_of(self.content())})


def digest_of(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of what a fit says."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def find_fit(named: str, region: Region, folder: Path | None = None) -> Fit | None:
    """Return the fit that a scenario names, checked against its region; nothing for ``none``.

    A relative path is followed from ``folder``, then from the working folder.
    """
    if named == NO_FIT:
        return None
    if named == STORED:
        path = FITS / f"{region.code}.yaml"
        if not is_file(path):
            text = f"nothing is stored for {region.code}; fit it with: transitionsim calibrate {region.code} --out FILE"
            raise InputError.one("calibration", text)
    elif not names_a_file(named):
        raise InputError.one("calibration", f"found '{named}'; none, stored or the path of a fit file is needed")
    else:
        path = (folder or Path()) / named
        path = path if is_file(path) else Path(named)
    fit = read_fit(path)
    problem = unfit(fit, region)
    if problem is not None:
        raise InputError.one(shown_path(path), problem)
    return fit


def read_fit(path: Path) -> Fit:
    """Return the fit in a file; raise ``InputError`` for one that cannot be read or was altered."""
    tree = read_yaml(path)
    try:
        fit = Fit.model_validate(tree.plain())
    except ValidationError as error:
        raise InputError(mistakes_in(error, tree)[:1]) from None
    if digest_of(fit.content()) != fit.digest:
        raise InputError.one(shown_path(path), "does not match its digest: it was altered; calibrate anew")
    return fit


def unfit(fit: Fit, region: Region) -> str | None:
    """Return why a fit does not hold for a region as it is now, or nothing."""
    if fit.region != region.code:
        return f"was fitted to {fit.region}, the region is {region.code}"
    if fit.profile != region.digest():
        return f"was fitted to another profile of {region.code}; calibrate anew"
    if fit.register_digest != region.register.digest():
        return "was fitted with another version of the register; calibrate anew"
    found = ((key, region.register.problem_with(key, value)) for key, value in fit.values.items())
    return next((f"{key}: {text}" for key, text in found if text is not None), None)


def written_fit(fit: Fit) -> str:
    """Return a fit as the text of its file: the same fit gives the same bytes."""
    lines = [
        f"# Values fitted to {fit.region} by transitionsim calibrate. The digest below covers every value here: a fit",
        "# is made anew, never edited. A misfit is simulated less target, in tolerances.",
    ]
    for key, value in [*fit.content().items(), ("digest", fit.digest)]:
        if isinstance(value, dict):
            lines.append(f"{key}:")
            lines += [f"  {name}: {json.dumps(one, ensure_ascii=False)}" for name, one in value.items()]
        else:
            lines.append(f"{key}: {json.dumps(value, ensure_ascii=False)}")
    return "\n".join(lines) + "\n"
