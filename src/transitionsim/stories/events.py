"""What happened to a person in a month, told from the row before and the row after it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from transitionsim.columns import (
    AWAY,
    EMPLOYED,
    IN_TRAINING,
    INACTIVE,
    LONG_AGO,
    NEVER,
    NOBODY,
    PERMANENT,
    QUIT_TO_JOB,
    TEMPORARY,
    UNEMPLOYED,
)
from transitionsim.policies import populations
from transitionsim.stories import words
from transitionsim.stories.words import Row, Words

_HOUSE: Final = frozenset(column.name for column in populations()["workers"])
_TOLD_CHANGE: Final = 0.01
"""Smallest change of the wage within a job that is told, as a share."""
_MOVES: Final = {
    (UNEMPLOYED, INACTIVE): "gives up the search",
    (IN_TRAINING, INACTIVE): "gives up the search",
    (INACTIVE, UNEMPLOYED): "takes up the search for a job",
    (UNEMPLOYED, AWAY): "moves away from the region",
    (IN_TRAINING, AWAY): "moves away from the region",
    (AWAY, UNEMPLOYED): "comes back to the region and looks for a job",
}


@dataclass(frozen=True)
class Moment:
    """A person at the end of a month (counted from 0; -1 is the start): the row, and the employer in words."""

    month: int
    row: Row
    employer: str = words.WITHOUT


def ends(before: Moment, after: Moment) -> bool:
    """Return whether the person left for good this month, so that an entrant holds the row now."""
    if before.row["exit_month"] > after.month:
        return False
    return any(before.row[name] != after.row[name] for name in ("birth_month", "exit_month"))


def ending(before: Moment, after: Moment) -> str:
    """Return the last sentence of a story."""
    age = (after.month - before.row["birth_month"]) // 12
    return f"leaves for good at {age}, by pension or death; a school leaver takes the row, and the story ends"


def events(before: Moment, after: Moment, said: Words) -> list[str]:
    """Return what is told of a month, one sentence for each thing that happened, in the order of the month."""
    return [text for told in _TOLD for text in told(before, after, said)]


def standing(now: Moment, said: Words) -> str:
    """Return what a person does at the end of a month, with age, job and wage."""
    row = now.row
    age = f"aged {(now.month - row['birth_month']) // 12}"
    if _works(now):
        notice = f", on notice until {said.month(row['notice_end'])}" if row["notice_end"] != NEVER else ""
        working = "employed by" if row["status"] == EMPLOYED else f"{words.status(row['status'])} with"
        return f"{age}, {working} {now.employer} {said.job(row)}{notice}"
    doing = words.status(row["status"])
    if row["status"] == IN_TRAINING and row["course"] != NOBODY:
        doing += f" as {said.profile(row['course'])} until {said.month(row['course_end'])}"
    if row["status"] in (UNEMPLOYED, IN_TRAINING) and row["wage"]:
        doing += f", {words.months(now.month - row['jobless_since'])} without a job"
    elif row["since"] != LONG_AGO and now.month > row["since"]:
        doing += f" for {words.months(now.month - row['since'])}"
    last = f"; last wage {words.euros(row['wage'])}" if row["wage"] else ""
    return f"{age}, {doing}{last}"


def _new_job(before: Moment, after: Moment) -> bool:
    """Return whether the job is another one than a month ago; two jobs never share hire and employer."""
    same = all(before.row[name] == after.row[name] for name in ("hired", "employer"))
    return _works(after) and not same


def _works(now: Moment) -> bool:
    """Return whether the person has an employer; a status may say more about the job than that."""
    return bool(now.row["employer"] != NOBODY)


def _stays(before: Moment, after: Moment) -> bool:
    return _works(before) and _works(after) and not _new_job(before, after)


def _notice(before: Moment, after: Moment, said: Words) -> list[str]:
    if not _stays(before, after) or before.row["notice_end"] == after.row["notice_end"]:
        return []
    if after.row["notice_end"] == NEVER:
        return ["the notice is withdrawn"]
    why = words.cause(after.row["cause"])
    return [f"given notice by {after.employer} ({why}); notice ends in {said.month(after.row['notice_end'])}"]


def _job_ends(before: Moment, after: Moment, said: Words) -> list[str]:
    if not _works(before) or _stays(before, after) or _changes_job(before, after):
        return []
    why = words.cause(after.row["cause"]) if after.row["left_month"] == after.month else words.cause(NOBODY)
    tenure = words.months(after.month - before.row["hired"])
    now = "" if _works(after) else f"; now {words.status(after.row['status'])}"
    return [f"the job with {before.employer} ends after {tenure} ({why}){now}"]


def _changes_job(before: Moment, after: Moment) -> bool:
    """Return whether the person left of their own will, from one job to the next."""
    left = after.row["left_month"] == after.month and after.row["cause"] == QUIT_TO_JOB
    return _works(before) and _new_job(before, after) and left


def _course_ends(before: Moment, after: Moment, said: Words) -> list[str]:
    course = before.row["course"]
    if course == NOBODY or _same_course(before, after):
        return []
    name = f"the course for {said.profile(course)}"
    if after.month >= before.row["course_end"] and not _left_work(before, after):
        gained = (before.row["reach"].bit_count(), after.row["reach"].bit_count())
        reach = f"; {gained[1]} job profiles within reach, {gained[0]} before" if gained[1] > gained[0] else ""
        return [f"completes {name}{reach}"]
    if _new_job(before, after):
        return [f"leaves {name} for a job"]
    if _left_work(before, after) or after.row["status"] == AWAY:
        return [f"{name} is broken off"]
    return [f"drops out of {name}"]


def _same_course(before: Moment, after: Moment) -> bool:
    return all(before.row[name] == after.row[name] for name in ("course", "course_end"))


def _left_work(before: Moment, after: Moment) -> bool:
    return _works(before) and not _works(after)


def _course_begins(before: Moment, after: Moment, said: Words) -> list[str]:
    row = after.row
    if row["course"] == NOBODY or _same_course(before, after):
        return []
    where = ""
    if _works(after):
        where = " while on notice" if row["notice_end"] != NEVER else " beside the job"
    return [f"begins a course for {said.profile(row['course'])}{where}, until {said.month(row['course_end'])}"]


def _job_begins(before: Moment, after: Moment, said: Words) -> list[str]:
    if not _new_job(before, after):
        return []
    if _changes_job(before, after):
        return [f"moves from {before.employer} to {after.employer} {said.job(after.row)}{_against(before, after)}"]
    idle = not _works(before) and before.row["wage"] > 0
    spell = f" after {words.months(after.month - before.row['jobless_since'])} without a job" if idle else ""
    return [f"hired by {after.employer} {said.job(after.row)}{spell}{_against(before, after)}"]


def _against(before: Moment, after: Moment) -> str:
    """Return the new wage against the one of the job before, in whole per cent."""
    old, new = before.row["wage"], after.row["wage"]
    if old <= 0:
        return ""
    change = round(100 * (new - old) / old)
    compared = f"{abs(change)} % {'more' if change > 0 else 'less'} than" if change else "the same wage as"
    return f", {compared} in the job before"


def _in_the_job(before: Moment, after: Moment, said: Words) -> list[str]:
    if not _stays(before, after):
        return []
    old, new, told = before.row, after.row, []
    if old["profile"] != new["profile"]:
        now, past = said.profile(new["profile"]), said.profile(old["profile"])
        told.append(f"takes a post as {now} in the same firm, before {past}")
    if (old["contract"], new["contract"]) == (TEMPORARY, PERMANENT):
        told.append("the temporary contract becomes permanent")
    if abs(new["wage"] - old["wage"]) >= _TOLD_CHANGE * max(1, old["wage"]):
        told.append(f"the wage is now {words.euros(new['wage'])}, before {words.euros(old['wage'])}")
    return told


def _moves(before: Moment, after: Moment, said: Words) -> list[str]:
    old, new = before.row["status"], after.row["status"]
    if old == new or _works(before) != _works(after) or _about_a_course(before, after):
        return []
    return [_MOVES.get((old, new), f"now {words.status(new)}")]


def _about_a_course(before: Moment, after: Moment) -> bool:
    """Return whether the course that begins or ends tells the change of status already."""
    told = {(UNEMPLOYED, IN_TRAINING), (IN_TRAINING, UNEMPLOYED)}
    return (before.row["status"], after.row["status"]) in told and not _same_course(before, after)


def _own_columns(before: Moment, after: Moment, said: Words) -> list[str]:
    """Tell what changes in the columns that a student's rules have added."""
    names = (name for name in after.row if name not in _HOUSE)
    changed = (name for name in names if before.row[name] != after.row[name])
    return [f"{name} is now {after.row[name]}, before {before.row[name]}" for name in changed]


_TOLD: Final[tuple[Callable[[Moment, Moment, Words], list[str]], ...]] = (
    _notice,
    _job_ends,
    _course_ends,
    _in_the_job,
    _course_begins,
    _job_begins,
    _moves,
    _own_columns,
)
"""The tellers in the order in which a month brings their events."""
