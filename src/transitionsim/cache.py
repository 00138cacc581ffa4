"""Generated kernels on disk: where they lie, what they are named, how they are loaded.

numba keeps compiled code only for functions that stand in a file. A sweep is therefore written as a small
module into the user's cache folder. Its name is a digest of everything its machine code depends on, so an
edited constant, another column or a new library version gives another module and never an old answer. What
lies in the folder is executed, so it must belong to the user alone; where that cannot be had, a private
temporary folder is used.
"""

from __future__ import annotations

import hashlib
import os
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any, Final

import llvmlite.binding
import numba
import numpy as np

from transitionsim.folders import cache_folder, discard
from transitionsim.reading import PACKAGE, functions_behind, globals_in
from transitionsim.rule import Body, Rule

_IMPORT: Final = re.compile(
    r"^\s*(?:from\s+([\w.]+)\s+import\s+(\([^)]*\)|[^\n]+)|import\s+([^\n#]+))",
    re.MULTILINE,
)
_WRITTEN: Final = 1_000_000_000
"""Time stamp of every generated file. numba drops compiled code when the stamp of its file changes, which
must not happen because another process has written the same text once more."""


def folder() -> Path:
    """Return the folder for generated kernels: the user's own if it is private, else a temporary one."""
    return cache_folder("kernels")


def load(name: str, source: str, given: dict[str, Any], where: Path) -> ModuleType:
    """Write a generated module, unless it is there, and return it loaded; once in a process for each name.

    ``given`` is put into the module before its text runs. Raises ``OSError`` where ``where`` cannot be
    written.
    """
    if name in sys.modules:
        return sys.modules[name]
    file = where / f"{name}.py"
    if not file.is_file() or file.read_bytes() != source.encode():
        if file.exists():
            discard(file)
        _write(file, source)
    module = ModuleType(name)
    module.__file__ = str(file)
    module.__dict__.update(given)
    # numba finds the globals of stored machine code by the module's name, so the name must be known first.
    sys.modules[name] = module
    try:
        exec(compile(source, str(file), "exec"), module.__dict__)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def _write(file: Path, source: str) -> None:
    """Write a file in one piece, so that another process sees all of it or nothing."""
    handle, part = tempfile.mkstemp(dir=file.parent, suffix=".part")
    with os.fdopen(handle, "wb") as stream:
        stream.write(source.encode())
    os.utime(part, (_WRITTEN, _WRITTEN))
    try:
        Path(part).replace(file)
    except OSError:
        Path(part).unlink(missing_ok=True)
        raise


def digest_of(rules: Sequence[Rule], source: str, types: Sequence[str]) -> str:
    """Return the name of a kernel: a digest of rules, text, types, versions and processor."""
    digest = hashlib.blake2b(digest_size=16)
    config = (numba.config.OPT, numba.config.BOUNDSCHECK, numba.config.CPU_NAME, numba.config.CPU_FEATURES)
    versions = (sys.version, numba.__version__, np.__version__, llvmlite.binding.get_host_cpu_name(), *config)
    parts = [source, *types, *map(str, versions)]
    for one in rules:
        parts += _values_behind(one.body)
    for file in _files_behind([one.body.__module__ for one in rules]):
        parts += [file.name, file.read_text(encoding="utf-8", errors="replace")]
    for part in parts:
        digest.update(f"{len(part)}:".encode())
        digest.update(part.encode("utf-8", errors="replace"))
    return digest.hexdigest()


def _values_behind(body: Body) -> Iterator[str]:
    """Yield the code of a function, of all it calls, and every constant they read, as text.

    Source files alone would miss a constant that is computed when its module is imported, and a rule in a
    notebook.
    """
    for function in functions_behind(body):
        yield from _code(function.__code__)
        for name in sorted(globals_in(function.__code__)):
            value = function.__globals__.get(name)
            if value is not None and not isinstance(value, (FunctionType, ModuleType, Rule)):
                yield f"{name}={value!r}"


def _code(code: CodeType) -> Iterator[str]:
    yield code.co_code.hex()
    yield repr((code.co_names, code.co_varnames, code.co_argcount))
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _code(constant)
        else:
            yield repr(constant)


def _files_behind(modules: Sequence[str]) -> list[Path]:
    """Return the source files of modules and of what they import from their own package or folder."""
    found: dict[str, Path] = {}
    own = {PACKAGE, *(name.partition(".")[0] for name in modules)}
    waiting = list(modules)
    while waiting:
        name = waiting.pop()
        file = _file_of(name)
        if file is None or name in found:
            continue
        found[name] = file
        for imported in _imports(file, name):
            other = _file_of(imported)
            if other is not None and (imported.partition(".")[0] in own or other.parent == file.parent):
                waiting.append(imported)
    return [found[name] for name in sorted(found)]


def _file_of(name: str) -> Path | None:
    """Return the source file of a loaded module, or None."""
    file = getattr(sys.modules.get(name), "__file__", None)
    return Path(file) if file is not None and file.endswith(".py") and Path(file).exists() else None


def _imports(file: Path, name: str) -> Iterator[str]:
    """Yield the names of all modules that the source file of module ``name`` may import."""
    package = name if file.name == "__init__.py" else name.rpartition(".")[0]
    for source, members, plain in _IMPORT.findall(file.read_text(encoding="utf-8", errors="replace")):
        if source:
            base = f"{package}.{source.lstrip('.')}".strip(".") if source.startswith(".") else source
            yield base
            yield from (f"{base}.{member}" for member in re.findall(r"\w+", members))
        yield from (part.split()[0] for part in plain.split(",") if part.strip())
