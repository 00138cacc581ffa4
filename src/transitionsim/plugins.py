"""Rules from outside: from a student's file or from an installed package, and their place among the others.

Code comes in only where a person asks for it: a file named on the command line together with
``--allow-code``, or an installed package that offers rules under the entry point group
``transitionsim.rules``, by name. A scenario file can name installed rules but never a path.
"""

from __future__ import annotations

import hashlib
import sys
import traceback
from collections.abc import Sequence
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from transitionsim.errors import InputError, Mistake, nearest
from transitionsim.rule import Rule, distinct

GROUP: Final = "transitionsim.rules"
SIZE_LIMIT: Final = 1_000_000
"""Largest file of rules that is read, in bytes."""


def rules_from_file(path: Path) -> tuple[Rule, ...]:
    """Return the rules written in a Python file, in the order of its lines. The file is executed.

    Raises :class:`InputError` for a file that cannot be read or run, with the line of its fault, and for one
    without rules.
    """
    text = _text(path)
    module = _module(path, text)
    found = [value for value in vars(module).values() if isinstance(value, Rule)]
    own = [one for one in dict.fromkeys(found) if one.body.__module__ == module.__name__]
    if not own:
        raise InputError.one(str(path), "no rule found; a rule is a function under @rule(on=...)")
    return tuple(sorted(own, key=lambda one: one.line))


def _text(path: Path) -> str:
    """Return the text of a file of rules."""
    try:
        if path.stat().st_size > SIZE_LIMIT:
            raise InputError.one(str(path), f"the file is larger than {SIZE_LIMIT // 1_000_000} MB")
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputError.one(str(path), f"cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise InputError.one(str(path), "is not text in UTF-8") from error


def _module(path: Path, text: str) -> ModuleType:
    """Run a file of rules as a module named by a digest of its text: an edited file is another one."""
    full = path.resolve()
    name = f"transitionsim_file_{hashlib.blake2b(f'{full}:{text}'.encode(), digest_size=8).hexdigest()}"
    if name in sys.modules:
        return sys.modules[name]
    module = ModuleType(name)
    module.__file__ = str(full)
    sys.modules[name] = module
    try:
        exec(compile(text, str(full), "exec"), module.__dict__)
    except InputError:
        del sys.modules[name]
        raise
    except SyntaxError as error:
        del sys.modules[name]
        raise InputError.one(str(path), f"Python cannot read this: {error.msg}", error.lineno) from error
    except (Exception, SystemExit) as error:
        del sys.modules[name]
        lines = [
            line for frame, line in traceback.walk_tb(error.__traceback__) if frame.f_code.co_filename == str(full)
        ]
        text = f"{type(error).__name__}: {error}"
        raise InputError.one(str(path), text, lines[-1] if lines else None) from error
    return module


def installed_rules(names: Sequence[str]) -> tuple[Rule, ...]:
    """Return the named rules of installed packages; only what is named is imported.

    An entry point stands for one rule or for a module whose rules are all meant. Raises :class:`InputError`
    for names that no package offers and for what is not a rule.
    """
    offered = {point.name: point for point in entry_points(group=GROUP)}
    unknown = [name for name in names if name not in offered]
    if unknown:
        hints = [nearest(name, offered) or "; no installed package offers rules" for name in unknown]
        texts = [f"no installed package offers '{name}'{hint}" for name, hint in zip(unknown, hints, strict=True)]
        raise InputError([Mistake("rules", None, text) for text in texts])
    return tuple(one for name in names for one in _loaded(offered[name]))


def _loaded(point: EntryPoint) -> tuple[Rule, ...]:
    """Import one entry point and return its rules."""
    try:
        value = point.load()
    except (ImportError, AttributeError) as error:
        raise InputError.one("rules", f"'{point.name}' ({point.value}) cannot be loaded: {error}") from error
    found = [value] if isinstance(value, Rule) else []
    if isinstance(value, ModuleType):
        found = [each for each in vars(value).values() if isinstance(each, Rule)]
    if not found:
        raise InputError.one("rules", f"'{point.name}' ({point.value}) is no rule and no module with rules")
    return tuple(found)


def name_of(step: Any) -> str:
    """Return the name of a step of the month: that of a rule, or of the function that a market is."""
    return str(getattr(step, "name", None) or getattr(step, "__name__", ""))


def arrange(base: Sequence[Any], extra: Sequence[Rule]) -> tuple[Any, ...]:
    """Return a sequence of named steps with extra rules in their places.

    ``after=NAME`` puts a rule right behind the step of that name (behind rules that were put there before
    it), ``replaces=NAME`` in its stead. Extra rules may refer to each other. Raises :class:`InputError` for a
    rule that names no place, an unknown place, and for two rules of one name or with one draw.
    """
    steps = list(base)
    behind: dict[str, int] = {}
    mistakes = []
    for one in extra:
        names = [name_of(step) for step in steps]
        place = one.after if one.replaces is None else one.replaces
        if place is None:
            text = "says no place; write after='...' or replaces='...' with the name of another rule"
            mistakes.append(one.mistake(text))
        elif place not in names:
            mistakes.append(one.mistake(f"there is no step '{place}'{nearest(place, names)}"))
        elif one.replaces is not None and not isinstance(steps[names.index(place)], Rule):
            mistakes.append(one.mistake(f"'{place}' is a step of the model and no rule; write after='{place}'"))
        elif one.replaces is not None:
            steps[names.index(place)] = one
        else:
            behind[place] = behind.get(place, 0) + 1
            steps.insert(names.index(place) + behind[place], one)
    if mistakes:
        raise InputError(mistakes)
    distinct(step for step in steps if isinstance(step, Rule))
    return tuple(steps)
