"""The command line. Whatever a user gets wrong ends here as one line for each mistake, with exit code 2."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any, Final

import typer

from transitionsim import __version__
from transitionsim.cli import (
    analysis,
    calibrate,
    checking,
    explain,
    facts,
    files,
    follow,
    replicate,
    report,
    runs,
    show,
    streams,
    sweep,
)
from transitionsim.errors import InputError, Mistake, TransitionSimError
from transitionsim.files import reason_of

MISTAKEN: Final = 2
STOPPED: Final = 130

UsageProblem: Final[type[Any]] = next(kind for kind in typer.BadParameter.__mro__ if kind.__name__ == "ClickException")
"""What typer raises for an unknown command or option; its place in the package changed between versions."""

app = typer.Typer(
    name="transitionsim",
    help="Simulate, person by person, what electrification does to the workers of a European car region.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


@app.callback(invoke_without_command=True)
def _first(
    context: typer.Context,
    version: bool = typer.Option(False, "--version", help="Print the version and stop."),
) -> None:
    if version:
        sys.stdout.write(f"transitionsim {__version__}\n")
    elif context.invoked_subcommand is None:
        sys.stdout.write(f"{context.get_help()}\n")


app.command("list")(files.list_)
app.command("check")(files.check)
app.command("show")(show.show)
app.command("schema")(files.schema)
app.command("parameters")(files.parameters)
app.command("indicators")(files.indicators)
app.command("run")(runs.run)
app.command("compare")(runs.compare)
app.command("sweep")(sweep.sweep)
app.command("status")(sweep.status)
app.command("sensitivity")(analysis.sensitivity)
app.command("discover")(analysis.discover)
app.command("regret")(analysis.regret)
app.command("report")(report.report)
app.command("explore")(report.explore)
app.command("reproduce")(checking.reproduce)
app.command("verify")(checking.verify)
app.command("crate")(checking.crate)
app.command("decompose")(explain.decompose)
app.command("follow")(follow.follow)
app.command("calibrate")(calibrate.calibrate)
app.command("replicate")(replicate.replicate)
app.command("facts")(facts.facts)
app.command("new-rule")(runs.new_rule)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit code: 0 done, 1 a run failed, 2 the input is mistaken."""
    streams.prepare()
    sys.exit(_code(list(sys.argv[1:] if arguments is None else arguments)))


def _code(arguments: list[str]) -> int:
    try:
        # Not the command's own main: it leaves with 1 when the reader of a pipe has gone.
        command = typer.main.get_command(app)
        with command.make_context("transitionsim", arguments) as context:
            result = command.invoke(context)
        sys.stdout.flush()
    except typer.Exit as error:
        result = error.exit_code
    except InputError as error:
        return _say(error.mistakes)
    except TransitionSimError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except (KeyboardInterrupt, typer.Abort):
        sys.stderr.write("stopped\n")
        return STOPPED
    except BrokenPipeError:
        streams.give_up_output()
        return 0
    except UsageProblem as error:
        return _say([_usage(error)])
    except UnicodeError as error:
        return _say([Mistake("transitionsim", None, f"a name is no text in this system's encoding: {error}")])
    except OSError as error:
        streams.give_up_output()
        sys.stderr.write(
            f"{error.filename2 or error.filename or 'transitionsim'}: cannot be read or written: {reason_of(error)}\n"
        )
        return 1
    return result if isinstance(result, int) else 0


def _usage(error: Any) -> Mistake:
    """Return an unknown command or option as one sentence, with the command it was given to."""
    context = getattr(error, "ctx", None)
    command = "transitionsim" if context is None else context.command_path
    text = str(error.format_message()).rstrip(".")
    return Mistake(command, None, text[:1].lower() + text[1:])


def _say(mistakes: Sequence[Mistake]) -> int:
    for mistake in mistakes:
        sys.stderr.write(f"{mistake}\n")
    return MISTAKEN
