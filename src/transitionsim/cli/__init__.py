"""The command line. Whatever a user gets wrong ends here as one line for each mistake, with exit code 2."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Any, Final

import typer

from transitionsim import __version__
from transitionsim.cli import (
    analyse,
    calibrate,
    facts,
    files,
    follow,
    new,
    replicate,
    report,
    reproduce,
    runs,
    show,
    streams,
    sweep,
)
from transitionsim.cli.panels import Panels
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
    cls=Panels,
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


SMALL: Final = "--set persons_per_agent=100 --set months=24"
"""Settings with which an example ends within seconds."""


def _add(to: typer.Typer, name: str, function: Callable[..., None], examples: Sequence[str], panel: str = "") -> None:
    """Add a command with examples in its help."""
    lines = "\n".join(f"  transitionsim {one}" for one in examples)
    to.command(name, epilog=f"\b\nExamples:\n{lines}", rich_help_panel=panel or None)(function)


def _group(name: str, panel: str, text: str) -> typer.Typer:
    """Add a command that takes a kind as its next word, and return it to be filled."""
    own = typer.Typer(cls=Panels, help=text, add_completion=False, rich_markup_mode=None, no_args_is_help=True)
    app.add_typer(own, name=name, rich_help_panel=panel)
    return own


_add(app, "list", files.list_, ("list", "list parameters --region DE1"), "Start")
_add(
    app, "run", runs.run,
    (f"run current-policy {SMALL}", f"run fast --seeds 3 {SMALL} --out results/fast"), "Start",
)  # fmt: skip
_add(
    app, "follow", follow.follow,
    (
        f"follow current-policy {SMALL}",
        "follow reskilling current-policy --worker displaced --set persons_per_agent=50",
    ), "Start",
)  # fmt: skip
_add(
    app, "compare", runs.compare,
    (
        f"compare current-policy fast --draws 4 {SMALL} --out results/mine",
        f"compare current-policy fast reskilling --seeds 2 {SMALL} --json",
    ), "Compare",
)  # fmt: skip
_add(
    app, "sweep", sweep.sweep,
    ("sweep experiments/pace-x-funding.yaml --dry-run", "sweep --status results/mine"), "Sweep",
)  # fmt: skip
_add(
    app, "report", report.report,
    ("report results/mine --exploratory --lang de", "report results/mine --explore"), "Cite",
)  # fmt: skip
_add(
    app, "reproduce", reproduce.reproduce,
    ("reproduce results/mine --any-code", "reproduce results/mine --sample 1 --any-code"), "Cite",
)  # fmt: skip
_add(app, "check", files.check, ("check current-policy ES22", "check --schema experiment"), "Inspect")
_add(app, "show", show.show, ("show fast --diff current-policy", "show look_for_work"), "Inspect")
_add(
    app, "calibrate", calibrate.calibrate,
    ("calibrate --help", "calibrate --check fit.yaml"), "Inspect",
)  # fmt: skip

_analyse = _group("analyse", "Sweep", "Say what results mean, by KIND: what differs, and why.")
_add(_analyse, "compare", analyse.compare, ("analyse compare results/mine", "analyse compare results/mine --json"))
_add(
    _analyse, "sensitivity", analyse.sensitivity,
    ("analyse sensitivity results/many", "analyse sensitivity results/many --outcome posts_lost"),
)  # fmt: skip
_add(
    _analyse, "discover", analyse.discover,
    (
        'analyse discover results/many --where "involuntary_losses > 3500"',
        'analyse discover results/many --where "posts_lost <= 5200 and closures > 0" --json',
    ),
)  # fmt: skip
_add(
    _analyse, "regret", analyse.regret,
    ("analyse regret results/many", "analyse regret results/many --outcome involuntary_losses"),
)  # fmt: skip
_add(
    _analyse, "shapley", analyse.shapley,
    (f"analyse shapley current-policy --draws 2 {SMALL}", f"analyse shapley fast --draws 2 {SMALL} --json"),
)  # fmt: skip
_validate = _group("validate", "Inspect", "Hold the model against facts, by KIND.")
_add(
    _validate, "facts", facts.facts,
    ("validate facts ES22 --seeds 1 --scale 200 --only beveridge-slope", "validate facts --help"),
)  # fmt: skip
_add(
    _validate, "occupational-mobility", replicate.occupational_mobility,
    (
        "validate occupational-mobility --inputs occupations.csv --out results/path.csv",
        "validate occupational-mobility --help",
    ),
)  # fmt: skip
_new = _group("new", "Extend", "Write a file to begin with, by KIND.")
_add(_new, "rule", new.rule, ("new rule my_rule --out results", "new rule other_rule"))


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
