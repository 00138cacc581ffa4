"""One shock to jobs, and what becomes of the region: participation first, unemployment fading, jobs gone."""

from __future__ import annotations

from soak.record import Line
from soak.runs import Size
from transitionsim.facts import places

NAME = "demand falls so that posts of 1 % of employment go at once"
LITERATURE = "Decressin and Fatas 1995: in Europe mostly participation in the first three years"


def impulse(size: Size) -> list[Line]:
    """A lasting cut in orders worth one per cent of the region's jobs, under three closures."""
    found = {response: size.mean(_effects, response) for response in (0.0, -0.5, 0.5)}
    rigid, absorbed, shrinking = (found[key] for key in (0.0, -0.5, 0.5))
    return [
        size.line(NAME, "posts lost", rigid[0], "% of employment"),
        size.line(NAME, "years 1 to 3: lower participation", rigid[1], "% of the jobs lost by residents", low=50.0,
                  note=LITERATURE),
        size.line(NAME, "years 1 to 3: unemployed and in training", rigid[2], "% of the jobs lost by residents"),
        size.line(NAME, "years 1 to 3: moves away", rigid[3], "% of the jobs lost by residents"),
        size.line(NAME, "unemployment rate, year of the largest effect", rigid[4], "points"),
        size.line(NAME, "unemployment rate, last three years against the largest", rigid[5], "ratio", high=1.0),
        size.line(NAME, "employment in the last year, local response 0", rigid[6], "persons", high=-1.0),
        size.line(NAME, "employment in the last year, local response .5", shrinking[6], "persons",
                  high=float(rigid[6]), note="band: below the line above"),
        size.line(NAME, "employment in the last year, local response -.5", absorbed[6], "persons",
                  low=float(rigid[6]), note="band: above local response 0; Jofre-Monseny et al. 2018: about -.35"),
    ]  # fmt: skip


def _effects(size: Size, seed: int, response: float) -> tuple[float, ...]:
    found = places.impulse(size.load, seed, response)
    shares = (found.participation, found.unemployment, found.moves)
    return (found.posts, *shares, found.worst, found.left, found.employment)


CHECKS = (impulse,)
