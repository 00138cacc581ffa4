"""JSON Schema of scenario files, so that an editor offers keys and marks mistakes while one writes."""

from __future__ import annotations

from typing import Any

from transitionsim.months import PATTERN
from transitionsim.policies import kinds
from transitionsim.scenario.schema import Scenario

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def file_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a scenario file.

    A file that extends another may leave out what its parent says, so only a file without ``extends``
    must hold region, start and electrification.
    """
    schema = Scenario.model_json_schema(by_alias=True)
    definitions = schema.setdefault("$defs", {})
    choices = []
    for kind, policy in kinds().items():
        described = policy.model_json_schema(by_alias=True)
        definitions.update(described.pop("$defs", {}))
        described.pop("required", None)
        definitions[kind] = described
        choices.append({"$ref": f"#/$defs/{kind}"})
    definitions["Electrification"].pop("required", None)
    for path in ("Dated", "DatedMix"):
        definitions[path]["propertyNames"] = {"pattern": PATTERN}
    schema["properties"]["policies"] = {
        "type": "array",
        "items": {"anyOf": choices},
        "description": "merged with the parent's by id (by default the kind); off: true removes one",
    }
    schema["properties"]["extends"] = {
        "type": "string",
        "description": "parent scenario: a file beside this one, or one that comes with the package",
    }
    required = schema.pop("required", [])
    schema["if"] = {"not": {"required": ["extends"]}}
    schema["then"] = {"required": required}
    return {"$schema": DIALECT, **schema}
