"""How a claim is cited: as a sentence, as BibTeX and as RIS."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from transitionsim import __version__
from transitionsim.claims.bundle import Bundle
from transitionsim.claims.card import ID
from transitionsim.pages.naming import heading

_MARKS: Final = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}


def citation(bundle: Bundle, card: Mapping[str, Any]) -> dict[str, str]:
    """Return a claim's citation as text, BibTeX and RIS; the two files are without our words for a finding."""
    words = bundle.words
    year, claim, run = str(card["as_of"])[:4], str(card[ID]), bundle.source.plan.id
    author, title = words("page.author"), heading(bundle)
    note = f"{words('caveat')}; transitionsim {__version__}, run {run}, claim {claim}"
    fields = (
        ("author", f"{{{{{author}}}}}"),
        ("title", f"{{{{{escaped(title)}}}}}"),
        ("year", f"{{{year}}}"),
        ("note", f"{{{escaped(note)}}}"),
    )
    bibtex = [f"@misc{{{claim},", *(f"  {name} = {value}," for name, value in fields), "}"]
    ris = [
        "TY  - COMP", f"AU  - {author}", f"TI  - {title}", f"PY  - {year}", f"ET  - {__version__}", f"ID  - {claim}",
        f"N1  - {note}", "ER  - ",
    ]  # fmt: skip
    text = words("page.cite_as", version=__version__, run=run, claim=claim, statement=bundle.statement)
    return {"text": text, "bibtex": "\n".join(bibtex), "ris": "\n".join(ris)}


def escaped(text: str) -> str:
    r"""Return a text whose characters mean themselves in BibTeX.

    >>> print(escaped(r"50 % & {x}_\input"))
    50 \% \& \{x\}\_\textbackslash{}input
    """
    return "".join(_MARKS.get(one, f"\\{one}" if one in "&%$#_{}" else one) for one in text)
