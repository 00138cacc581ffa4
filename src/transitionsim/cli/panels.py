"""The help of the program: its commands under headings, in the order in which a user meets them."""

from __future__ import annotations

from typing import Any

import typer


class Panels(typer.core.TyperGroup):
    """A group that lists its commands by panel, in plain text."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the commands of each panel with their first sentences."""
        panels: dict[str, list[tuple[str, str]]] = {}
        for name in self.list_commands(ctx):
            command: Any = self.get_command(ctx, name)
            title = getattr(command, "rich_help_panel", None) or "Commands"
            panels.setdefault(str(title), []).append((name, command.get_short_help_str(limit=80)))
        for title, rows in panels.items():
            with formatter.section(title):
                formatter.write_dl(rows)
