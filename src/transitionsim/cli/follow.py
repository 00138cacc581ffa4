"""The command that tells one person's life, in one scenario or in two side by side."""

from __future__ import annotations

import shlex
import textwrap
from collections.abc import Iterator, Sequence
from itertools import groupby, zip_longest
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from transitionsim import __version__
from transitionsim.cli.options import AllowCode, Json, Rules, Setting
from transitionsim.cli.output import first_line, say
from transitionsim.cli.scenarios import allowed_rules, arms_of
from transitionsim.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

    from transitionsim.experiments.design import Arm
    from transitionsim.months import Month
    from transitionsim.stories import Line, Story

ILLUSTRATION: Final = (
    "One life is an illustration, never evidence: a person's twin in another scenario differs by chance too; one "
    "irrelevant training seat changes the state of 4 to 8 % of all people fourteen years later."
)
OTHER_START: Final = "the two scenarios begin otherwise, so that this is not the same person twice"
_WIDTH: Final = 118
_DATE: Final = 9
_LABEL: Final = 12
_SAME: Final = "the same"


def follow(
    scenarios: Annotated[list[str], typer.Argument(metavar="SCENARIO...", help="One scenario, or two.")],
    worker: Annotated[
        str,
        typer.Option("--worker", metavar="KEY", help="Number of a person from 1 on, or displaced, trained or random."),
    ] = "random",
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="Seed of the luck.")] = 0,
    first: Annotated[str | None, typer.Option("--from", metavar="MONTH", help="Tell from this month on.")] = None,
    last: Annotated[str | None, typer.Option("--to", metavar="MONTH", help="Tell until this month.")] = None,
    setting: Setting = None,
    rules: Rules = None,
    allow_code: AllowCode = False,
    as_json: Json = False,
) -> None:
    """Tell one person's life, in one or two scenarios."""
    first_line(f"follow: {worker} in {' and '.join(scenarios)}, seed {seed}")
    if len(scenarios) > 2:
        raise InputError.one("transitionsim follow", f"found {len(scenarios)} scenarios; one or two are needed")
    if seed < 0:
        raise InputError.one("--seed", f"found {seed}, at least 0 is needed")
    span = _span(first, last)
    files = allowed_rules(rules, allow_code)
    arms = arms_of(scenarios, setting)
    from transitionsim.experiments.design import pairing_mistakes
    from transitionsim.plugins import rules_from_file
    from transitionsim.stories import follow as told
    from transitionsim.stories import person_of

    if mistakes := pairing_mistakes(arms):
        raise InputError(mistakes)
    own = [rule for file in files for rule in rules_from_file(file)]
    person = person_of(worker, arms[0].scenario, seed, own)
    stories = [_within(told(person, arm.scenario, seed, own), span) for arm in arms]
    options = [("--worker", str(person)), ("--seed", str(seed)), *(("--set", text) for text in setting or ())]
    options += [(name, text) for name, text in (("--from", first), ("--to", last)) if text is not None]
    options += [("--rules", str(file)) for file in files]
    words = ["transitionsim", "follow", *scenarios, *(word for pair in options for word in pair)]
    again = shlex.join([*words, *(["--allow-code"] if files else [])])
    head = {"person": person, "seed": seed, "command": again, "notes": _notes(stories, files)}
    _print(head, arms, stories, as_json)


def _notes(stories: Sequence[Story], rules: Sequence[Path]) -> list[str]:
    """Return what must be known beside the stories."""
    notes = list(stories[0].labels)
    if stories[0].lines[0] != stories[-1].lines[0]:
        notes.append(OTHER_START)
    if rules:
        files = ", ".join(path.name for path in rules)
        notes.append(f"changed by rules from {files}: not the model as published")
    return notes


def _span(first: str | None, last: str | None) -> tuple[Month | None, Month | None]:
    """Return the first and the last month to be told, as far as they are given."""
    from transitionsim.months import Month

    found: list[Month | None] = []
    for option, written in (("--from", first), ("--to", last)):
        try:
            found.append(None if written is None else Month.parse(written))
        except ValueError as error:
            raise InputError.one(option, str(error)) from None
    begin, end = found
    if begin is not None and end is not None and end < begin:
        raise InputError.one("--to", f"{end} is before --from {begin}")
    return begin, end


def _within(story: Story, span: tuple[Month | None, Month | None]) -> Story:
    """Return a story without what lies outside the months asked for; how it starts is always told."""
    from dataclasses import replace

    first, last = span
    lines = (
        line
        for line in story.lines
        if line.kind == "start" or ((first is None or line.month >= first) and (last is None or line.month <= last))
    )
    return replace(story, lines=tuple(lines))


def _print(head: dict[str, Any], arms: Sequence[Arm], stories: Sequence[Story], as_json: bool) -> None:
    """Print the stories under what they are about, as text or as one document."""
    from transitionsim.experiments.manifest import CAVEAT
    from transitionsim.report.header import place

    region = place(arms[0].scenario)
    scale = arms[0].scenario.persons_per_agent
    if as_json:
        import json

        told = [{"label": arm.label, "story": _plain(story)} for arm, story in zip(arms, stories, strict=True)]
        content = {
            "transitionsim": __version__,
            "caveat": CAVEAT,
            "warning": ILLUSTRATION,
            **head,
            "persons_per_agent": scale,
            "region": region,
            "scenarios": told,
        }
        say(json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False))
        return
    say(f"transitionsim {__version__}: {CAVEAT}")
    stands = "" if scale == 1 else f"; the record stands for {scale} persons"
    say(f"{'region':<{_LABEL}}{region}")
    say(f"{'person':<{_LABEL}}number {head['person']}, seed {head['seed']}{stands}")
    say(f"{'again':<{_LABEL}}{head['command']}")
    for label, text in [*(("note", note) for note in head["notes"]), ("warning", ILLUSTRATION)]:
        say("\n".join(_wrapped(text, label.ljust(_LABEL), _WIDTH)))
    say("")
    for text in _columns([arm.label for arm in arms], stories):
        say(text)


def _plain(story: Story) -> list[dict[str, Any]]:
    return [{"month": str(line.month), "kind": line.kind, "text": line.text} for line in story.lines]


def _wrapped(text: str, label: str, width: int) -> list[str]:
    return textwrap.wrap(text, width, initial_indent=label, subsequent_indent=" " * len(label), break_on_hyphens=False)


def _columns(labels: Sequence[str], stories: Sequence[Story]) -> Iterator[str]:
    """Yield the stories, one column for each scenario; what both tell alike stands once."""
    if len(stories) == 1:
        for line in stories[0].lines:
            yield from _wrapped(line.text, _dated(line), _WIDTH)
        return
    width = (_WIDTH - _DATE - 2) // 2
    yield f"{'':{_DATE}}{labels[0]:<{width}}  {labels[1]}"
    for date, pairs in _side_by_side(stories):
        for number, (left, right) in enumerate(pairs):
            said = _SAME if right == left else right
            halves = [textwrap.wrap(text, width, break_on_hyphens=False) for text in (left, said)]
            for row, (one, other) in enumerate(zip_longest(*halves, fillvalue="")):
                shown = date if number == row == 0 else ""
                yield f"{shown:{_DATE}}{one:<{width}}  {other}".rstrip()


def _side_by_side(stories: Sequence[Story]) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Yield the months in which either story tells something, with the sentences of both beside each other."""
    months: dict[tuple[Month, bool], tuple[list[str], list[str]]] = {}
    for side, story in enumerate(stories):
        for key, lines in groupby(story.lines, key=lambda line: (line.month, line.kind != "start")):
            months.setdefault(key, ([], []))[side].extend(line.text for line in lines)
    for (month, counted), (left, right) in sorted(months.items()):
        yield (f"{month}:" if counted else "start:"), list(zip_longest(left, right, fillvalue=""))


def _dated(line: Line) -> str:
    return f"{'start:' if line.kind == 'start' else f'{line.month}:':<{_DATE}}"
