"""One mistake that could be made in the program, and the tests that have to notice it."""

from dataclasses import dataclass
from pathlib import Path


class NotThereError(Exception):
    """The text that a mutant changes does not stand exactly once in its file: the mutant has to follow the program."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """A mistake, made by putting one text in the place of another."""

    name: str
    """What the program does wrong then, as a sentence."""
    file: str
    old: str
    """Stands exactly once in the file."""
    new: str
    tests: tuple[str, ...]
    """The fewest test files (or tests) that must fail because of it."""

    def applied_to(self, source: str) -> str:
        """Give the file's text with the mistake in it.

        Raises:
            NotThereError: The old text is not there, or stands there more than once.
        """
        times = source.count(self.old)
        if times != 1:
            raise NotThereError(f"{self.name}: {self.file} has its text {times} times")
        return source.replace(self.old, self.new)

    def is_in(self, folder: Path) -> bool:
        """Say whether the program in this folder has the text that the mutant changes, exactly once."""
        path = folder / self.file
        return path.exists() and path.read_text(encoding="utf-8").count(self.old) == 1
