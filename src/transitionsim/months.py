"""Calendar months as whole numbers, so that a date can be added to, compared and written in a file.

>>> Month.parse("2027-01") + 11 == Month.parse("2027-12")
True
>>> str(Month.parse(2030))
'2030-01'
"""

from __future__ import annotations

import re
from typing import Any, Final, Self

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from transitionsim.sentences import shown

FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2200
_WRITTEN: Final = re.compile(r"([0-9]{4})(?:-([0-9]{2}))?")
PATTERN: Final = "^[0-9]{4}(-(0[1-9]|1[0-2]))?$"


class Month(int):
    """A calendar month as a number: twelve times the year plus the month, so that differences are months."""

    @classmethod
    def parse(cls, written: object) -> Self:
        """Return the month of ``2027-01`` or ``2027`` (January); raise ``ValueError`` for anything else."""
        if isinstance(written, Month):
            return cls(written)
        found = _WRITTEN.fullmatch(str(written)) if type(written) in (int, str) else None
        if found is None:
            raise ValueError(f"{shown(written)} is not a month; write it as 2025-01")
        year, month = int(found[1]), int(found[2] or 1)
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise ValueError(f"{shown(written)} is outside the years {FIRST_YEAR} to {LAST_YEAR}")
        if not 1 <= month <= 12:
            raise ValueError(f"{shown(written)} is not a month; write it as 2025-01")
        return cls(year * 12 + month - 1)

    @property
    def year(self) -> int:
        """The calendar year."""
        return int(self) // 12

    @property
    def month(self) -> int:
        """The month of the year, 1 to 12."""
        return int(self) % 12 + 1

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    def __repr__(self) -> str:
        return f"Month.parse('{self}')"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Validate with :meth:`parse`, write as text."""
        return core_schema.no_info_plain_validator_function(cls.parse, serialization=core_schema.to_string_ser_schema())

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Describe a month to editors."""
        year = {"type": "integer", "minimum": FIRST_YEAR, "maximum": LAST_YEAR}
        return {"anyOf": [{"type": "string", "pattern": PATTERN}, year]}
