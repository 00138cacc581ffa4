"""Words that a claim may not use, and parts that it may not lack.

The generator's sentences pass; a sentence that was typed, or a scenario's name that makes a claim of its own, does not
always. Names of users are left out where they stand in quotation marks, and are looked at by themselves. Words are
looked at as they are read: letters that only look alike, and characters that cannot be seen, hide none.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from transitionsim.claims.language import LANGUAGES, Language, language
from transitionsim.claims.statement import Claim

_NUMBER: Final = re.compile(r"(?<![\w.,])(?!20\d\d(?![\d.,]?\d))\d[\d.,]*")
"""A number that is no year of this century; a digit within a code such as ES22 or C29 is none."""
_PERCENT: Final = re.compile(r"\d\s*(%|per ?cent|prozent|por ciento)", re.IGNORECASE)
_VALUE: Final = re.compile(r"=[-\d_.,/]+")
"""The value of a lever in the label of a sweep's point."""


def faults_of_title(text: str, claim: Claim, words: Language, *, ranked: bool = False) -> list[str]:
    """Return what is wrong with words of a user's own above a claim, a sentence for each fault.

    They may name a subject, and say nothing of what a scenario does or by how much: that is left to the sentence, whose
    words depend on the interval. They are held against the words of every language. ``ranked`` says that ranks with
    intervals stand on the page.
    """
    own = readable(_without(text, [words.quoted(name) for name in claim.names]))
    found = _disguised(text)
    for one in (words, *(language(code) for code in LANGUAGES if code != words.code)):
        found += _faults(own, claim, one, ranked=ranked)
        found += [f"says '{hit}': what a scenario does stands in the sentence" for hit in _matches(own, one, "effects")]
        found += [f"says '{hit}': how much stands in the sentence" for hit in _matches(own, one, "amounts")]
    number = _NUMBER.search(own)
    if number is not None:
        found.append(f"has a number of its own, '{number.group(0)}'")
    place = claim.region.partition(" (")[0]
    if claim.purpose.level == 0 and own.lower().startswith(place.lower()):
        found.append(f"has {place} as its subject, which an illustration may not")
    return list(dict.fromkeys(found))


def _faults(text: str, claim: Claim, words: Language, *, ranked: bool) -> list[str]:
    """Return a sentence for each word that no claim of this direction, level and page may use."""
    found = [f"says '{one}': no simulated figure carries that" for one in _matches(text, words, "claims")]
    if claim.estimate.direction == 0:
        found += [f"says '{one}', but the interval gives no direction" for one in _matches(text, words, "directions")]
    if not ranked:
        found += [f"says '{one}', but no ranks with intervals are shown" for one in _matches(text, words, "ranks")]
    if claim.purpose.level == 0:
        found += [f"says '{one}': an illustration has no price of a job" for one in _matches(text, words, "ratios")]
    return found


def faults_of_statement(text: str, claim: Claim, words: Language) -> list[str]:
    """Return what is wrong with the sentence of a claim: forbidden words, and what it must say and does not."""
    own = _without(
        text, [words("caveat"), *claim.purpose.patterns.titles, *(words.quoted(name) for name in claim.names)]
    )
    quantity, found = claim.estimate.quantity, claim.estimate.printed
    outcome = words.outcome(quantity.outcome, quantity.title)
    faults = _faults(own.replace(outcome, ""), claim, words, ranked=True)
    needed = {
        "the caveat": words("caveat"),
        "the scenario": words.quoted(quantity.scenario),
        "what it is compared with": words.quoted(quantity.against),
        "the outcome": outcome,
        "the year": str(quantity.horizon),
        "the region": claim.region,
    }
    if claim.estimate.direction == 0:
        needed |= {f"the end {end} of its interval": words.number(end) for end in (found.low, found.high)}
    else:
        needed["its interval"] = words.range(found.low, found.high)
    faults += [f"lacks {what}" for what, part in needed.items() if part not in text]
    if (claim.drivers.assumed or claim.drivers.held or not claim.drivers.rows) and words("grade_d") not in text:
        faults.append("rests on inputs of grade D and does not say so")
    return faults


def faults_of_name(name: str) -> list[str]:
    """Return what a name of a user's own claims, in any of the languages.

    A name may say what a scenario sets, such as more courses; it may not say what comes of it. A direction or an amount
    is a claim in a name that speaks of jobs or of losses too.

    >>> faults_of_name("retrain early"), faults_of_name("more courses, funding=20_000_000")
    ([], [])
    >>> faults_of_name("this will save jobs"), faults_of_name("fewer layoffs")
    (["'this will save jobs' says 'will'"], ["'fewer layoffs' says 'fewer' of jobs or losses"])
    """
    own = _VALUE.sub("", readable(name))
    found = [f"'{name}' {fault}" for fault in _disguised(name)]
    for words in map(language, LANGUAGES):
        for kind in ("claims", "effects", "ranks", "ratios"):
            found += [f"'{name}' says '{hit}'" for hit in _matches(own, words, kind)]
        if _matches(own, words, "subjects"):
            for kind in ("directions", "amounts"):
                found += [f"'{name}' says '{hit}' of jobs or losses" for hit in _matches(own, words, kind)]
            found += [f"'{name}' says '{hit.group(0)}' of jobs or losses" for hit in _NUMBER.finditer(own)]
    found += [f"'{name}' says '{hit.group(0)}'" for hit in _PERCENT.finditer(own)]
    return found[:1]


def faults_of_text(text: str) -> list[str]:
    """Return what a text of a user's own claims: words that no simulated figure carries, and what comes of a scenario.

    >>> faults_of_text("Reg. 2019/631, in force: -100 % in 2035"), faults_of_text("law that will keep jobs")
    ([], ["says 'will'"])
    """
    own, found = readable(text), _disguised(text)
    for words in map(language, LANGUAGES):
        found += [f"says '{hit}'" for kind in ("claims", "effects") for hit in _matches(own, words, kind)]
    return found[:1]


def faults_of_question(text: str) -> list[str]:
    """Return what a question presupposes: words that no simulated figure carries, and numbers of jobs or losses.

    >>> faults_of_question("Does money avoid involuntary job losses?")
    []
    >>> faults_of_question("Is it proven that 4,200 jobs are at stake?")
    ["says 'proven'"]
    """
    own, found = readable(text), _disguised(text)
    for words in map(language, LANGUAGES):
        found += [f"says '{hit}'" for hit in _matches(own, words, "claims")]
        if _matches(own, words, "subjects"):
            found += [f"says '{hit.group(0)}' of jobs or losses" for hit in _NUMBER.finditer(own)]
            found += [f"says '{hit}' of jobs or losses" for hit in _matches(own, words, "amounts")]
    return found[:1]


def readable(text: str) -> str:
    """Return a text as it is read: compatible letters in their plain form, nothing unseen, an underscore as a space.

    >>> readable("ｗｉｌｌ_sa\u200bve")
    'will save'
    """
    plain = unicodedata.normalize("NFKC", text).replace("_", " ")
    return "".join(one for one in plain if unicodedata.category(one) != "Cf")


def _disguised(text: str) -> list[str]:
    """Return what of a text cannot be seen, or looks like something else."""
    found = [f"has a character that cannot be seen (U+{ord(one):04X})" for one in text
             if unicodedata.category(one) == "Cf"]  # fmt: skip
    letters = (one for one in unicodedata.normalize("NFKC", text) if one.isalpha())
    scripts = sorted({unicodedata.name(one, "UNKNOWN").split()[0] for one in letters})
    if len(scripts) > 1:
        found.append(f"has letters of several scripts ({', '.join(scripts).lower()})")
    return found


def _matches(text: str, words: Language, kind: str) -> list[str]:
    patterns: Sequence[str] = words.texts["forbidden"][kind]
    hits = (re.search(rf"(?<!\w)(?:{pattern})(?!\w)", text, re.IGNORECASE) for pattern in patterns)
    return [hit.group(0) for hit in hits if hit is not None]


def _without(text: str, parts: Sequence[str]) -> str:
    for part in sorted(filter(None, parts), key=len, reverse=True):
        text = text.replace(part, "…")
    return text
