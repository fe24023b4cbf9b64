"""Make each mistake in a copy of the program, run the tests that have to notice it, and say which did.

    python -m tests.mutants             all of them
    python -m tests.mutants receipt     those whose name holds a word

At the end the tests that noticed run once more without any mistake, where they have to pass. Exits with 1 where a
mistake was not noticed, with 2 where a mutant does not fit the program any more or the tests fail without any mistake.
WORKERS (2) copies are tried at the same time.
"""

import compileall
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from py_compile import PycInvalidationMode

from tests.mutants import MUTANTS
from tests.mutants.mutant import Mutant
from tests.mutants.nest import Run, Running, begin, load_libraries

ROOT = Path(__file__).parent.parent.parent
COPIED = ("bot", "handlers", "storage", "sandbox", "tests", "pyproject.toml")
LOOK_SECONDS = 0.05

say = partial(print, flush=True)


def main() -> int:
    """Try the mutants whose names hold the words given."""
    words = sys.argv[1:]
    chosen = [one for one in MUTANTS if all(word in one.name for word in words)]
    misfits = [one for one in chosen if not one.is_in(ROOT)]
    for mutant in misfits:
        say(f"DOES NOT FIT  {mutant.name}: its text does not stand exactly once in {mutant.file}")
    code = _try_all([one for one in chosen if one not in misfits])
    return 2 if misfits else code


def _try_all(mutants: Sequence[Mutant]) -> int:
    began = time.monotonic()
    load_libraries()
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        copies = [Path(folder) / f"copy {place}" for place in range(int(os.environ.get("WORKERS", "2")))]
        for copy in copies:
            _copy(copy)
        runs = dict(_tried(copies, iter(mutants)))
        tests = sorted({run.failed.partition("[")[0] for run in runs.values() if run.is_catch} - {""})
        control = _ended(begin(copies[0], tests)) if tests else None
    survivors = [name for name, run in runs.items() if not run.is_catch]
    say(f"\n{len(runs) - len(survivors)} of {len(runs)} mutants caught in {time.monotonic() - began:.0f} s")
    for name in survivors:
        say(f"NOT CAUGHT  {name}")
    if control is not None and control.code:
        say(f"Without any mistake the same tests fail too, so this proves nothing:\n{control.output[-5000:]}")
        return 2
    return int(bool(survivors))


def _tried(copies: Sequence[Path], waiting: Iterator[Mutant]) -> Iterator[tuple[str, Run]]:
    """Try the mutants, one in each copy at a time; give how the tests ended by the mutant's name."""
    running: dict[Path, tuple[Mutant, str, Running]] = {}
    while True:
        for copy in copies:
            if copy not in running and (mutant := next(waiting, None)) is not None:
                path = copy / mutant.file
                source = path.read_text(encoding="utf-8")
                path.write_text(mutant.applied_to(source), encoding="utf-8")
                running[copy] = (mutant, source, begin(copy, list(mutant.tests)))
        if not running:
            return
        time.sleep(LOOK_SECONDS)
        for copy, (mutant, source, under_way) in list(running.items()):
            if (run := under_way.end()) is not None:
                (copy / mutant.file).write_text(source, encoding="utf-8")
                del running[copy]
                _tell(mutant, run)
                yield mutant.name, run


def _tell(mutant: Mutant, run: Run) -> None:
    say(f"{'caught  ' if run.is_catch else 'SURVIVED'} {run.seconds:3.0f} s  {mutant.name}\n{'':16}{run.failed}")
    if not run.is_catch and run.code:
        say(run.output[-1500:])


def _ended(running: Running) -> Run:
    while (run := running.end()) is None:
        time.sleep(LOOK_SECONDS)
    return run


def _copy(folder: Path) -> None:
    """Copy the program, compiled by content: a file changed twice within a second must never be taken for the old."""
    folder.mkdir()
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder / name)
    compileall.compile_dir(str(folder), quiet=2, invalidation_mode=PycInvalidationMode.CHECKED_HASH)


if __name__ == "__main__":
    sys.exit(main())
