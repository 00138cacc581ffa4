"""Which frameworks an indicator can be laid beside, and the indicators of the catalogue that this model cannot give.

Codes of programmes are marked where they were recalled and not read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

TERRITORY: Final = "the region as a whole (NUTS 2)"
"""Territorial level of every indicator: the model has one region and no map within it."""
_ROUTE: Final = "Route 35 theme of jobs"

FRAMEWORKS: Final = {
    "K01": f"{_ROUTE}; threshold of the Globalisation Adjustment Fund",
    "K02": f"{_ROUTE}; structural business statistics",
    "K03": "own, paired",
    "K04": "own",
    "K05": "OECD displacement; Globalisation Adjustment Fund",
    "K06": "own",
    "K07": "Social Scoreboard; Eurostat",
    "K08": "Globalisation Adjustment Fund",
    "K09": "OECD Employment Outlook",
    "K10": "Council guidance on a fair transition (recalled)",
    "K11": "Eurostat demography",
    "K12": "Automotive Skills Alliance; Cedefop (recalled)",
    "K13": "Automotive Skills Alliance",
    "K15": "Automotive Skills Alliance, 5 % a year",
    "K16": "Automotive Skills Alliance",
    "K17": "ESF+ common outputs (EECO01 to EECO11 recalled)",
    "K18": "ESF+ immediate results (EECR03 recalled)",
    "K19": "ESF+ results (EECR04; EECR05 recalled)",
    "K20": "own, paired",
    "K22": "ESCO and ISCO profiles",
    "K23": "ERDF RCO01 to RCO03 (numbers of the proposal)",
    "K24": "ERDF RCR01 (number of the proposal)",
    "K24a": "own, paired, beside ERDF RCR01",
    "K25": "ERDF RCR02 (number of the proposal)",
    "K28": "own",
    "K29": "own",
    "K30": "Common Provisions Regulation",
    "K31": "Common Provisions Regulation, articles 105 to 107",
    "K32": "own",
}


@dataclass(frozen=True, slots=True)
class NotModelled:
    """An indicator of the catalogue without a number here, and the mechanism that is missing."""

    code: str
    name: str
    why: str


NOT_MODELLED: Final = (
    NotModelled("K14", "Anticipation skill", "nobody forecasts: courses follow the unfilled vacancies of past months"),
    NotModelled("K21", "Recognition lag; cross-border match rate", "one region; no work abroad, no recognition"),
    NotModelled("K26", "New firms supported; surviving", "new suppliers open without support"),
    NotModelled("K27", "SMEs investing in transition skills", "training in post is not paid for by a programme"),
    NotModelled("K33", "Combination share", "each policy has one fund; funds are not combined"),
    NotModelled("K34", "Targeting", "aid is not ranked by the need of regions; there is one"),
    NotModelled("K35", "Between-region inequality", "one region"),
    NotModelled("K36", "Worst-decile loss", "one region"),
    NotModelled("K37", "Territorial impact", "one region; no exposure and sensitivity of others"),
    NotModelled("K38", "Asymmetry ratio", "one region"),
    NotModelled("K39", "Diffusion half-life", "one region; measures are not copied between regions"),
    NotModelled("C1", "Share of zero-emission registrations", "an input: electrification.mix of the scenario"),
    NotModelled("C2", "Chargers per 1,000 zero-emission vehicles", "no charging"),
    NotModelled("C3", "Generation and grid headroom", "no electricity"),
    NotModelled("C4", "Battery and raw-material capacity", "an input where there is one: projects of the scenario"),
    NotModelled("C5", "Price gap", "no prices of cars"),
)
