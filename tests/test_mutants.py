"""The mutants of ``make mutants`` fit the program as it is; that they are caught is a run of its own."""

from collections import Counter
from pathlib import Path

import pytest

from tests.mutants import MUTANTS
from tests.mutants.mutant import Mutant, NotThereError

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_mutant_fits_the_program(mutant: Mutant) -> None:
    changed = mutant.applied_to((ROOT / mutant.file).read_text(encoding="utf-8"))

    assert mutant.new in changed
    compile(changed, mutant.file, "exec")
    for test in mutant.tests:
        assert (ROOT / test.partition("::")[0]).exists(), test


def test_mutants_have_names_of_their_own_and_are_not_the_same() -> None:
    assert len(MUTANTS) >= 20
    assert not [name for name, times in Counter(one.name for one in MUTANTS).items() if times > 1]
    assert len({(one.file, one.old, one.new) for one in MUTANTS}) == len(MUTANTS)


@pytest.mark.parametrize("source", ["", "a = 1\na = 1\n"])
def test_a_mutant_whose_text_is_not_there_exactly_once_is_an_error(source: str) -> None:
    mutant = Mutant("twice or never", "bot/job.py", "a = 1\n", "a = 2\n", ("tests/bot/test_job.py",))

    with pytest.raises(NotThereError, match="times"):
        mutant.applied_to(source)
    assert mutant.applied_to("a = 1\n") == "a = 2\n"
