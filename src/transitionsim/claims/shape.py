"""What the manifest of a comparison must hold before it is read: the kind of each part, and nothing of its content."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class _Part(BaseModel):
    model_config = ConfigDict(strict=True, extra="allow")


class _Scenario(_Part):
    label: str
    role: str
    digest: str
    resolved: dict[str, Any]


class _Varied(_Part):
    key: str
    range: str
    grade: str


class _Draw(_Part):
    draw: int
    seed: int
    values: dict[str, Any]


class _Run(_Part):
    scenario: str
    draw: int
    digest: str


class _Failed(_Part):
    scenario: str
    draw: int
    seed: int
    stage: str
    cause: str


class _File(_Part):
    file: str
    sha256: str


class _Manifest(_Part):
    transitionsim: str
    id: str
    date: str
    code: dict[str, Any] | None = None
    files: dict[str, str] | None = None
    scenarios: list[_Scenario] = Field(min_length=1)
    swept: list[_Varied]
    draws: list[_Draw] = Field(min_length=1)
    rules: list[_File]
    labels: list[str]
    runs: list[_Run]
    failed: list[_Failed]


def check_shape(about: Mapping[str, Any]) -> None:
    """Raise ``ValueError`` where a part of a manifest is missing or of another kind than it must be."""
    _Manifest.model_validate(dict(about))
