"""The environment: variables are taken one by one, what is wrong is gathered, and one start names all of it."""

import re
from collections.abc import Callable, Collection, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

LARGEST_FILE = 64 * 1024
SHORTEST_SECRET = 5
"""Shorter ones are not looked for in the problems: they would be found inside ordinary words."""
ALIKE = 0.87
"""How like one of our names another must be (difflib's ratio) to count as a misspelling: one letter in eight."""


class WrongValue(Exception):
    """What a value should be instead; the variable's name is put before it."""


class Environment:
    """The variables of one program. An empty one is unset; each may be given as a file, by ``<NAME>_FILE``.

    Args:
        environ: All variables of the process.
        names: The program's own variables.
        secret: Those whose values are never repeated.
        usual: Those whose names are so usual that a neighbour of theirs is probably another program's.
    """

    def __init__(
        self,
        environ: Mapping[str, str],
        names: Collection[str],
        *,
        secret: Collection[str] = (),
        usual: Collection[str] = (),
    ) -> None:
        self._environ = environ
        self._names = names
        self._secret = secret
        self._found: list[str] = []
        self._hidden: list[str] = []
        self._misspelled = self._find_misspelled(frozenset(usual))

    def required(self, name: str, read: Callable[[str], str], where_from: str) -> str:
        """The value, or an empty string after noting the problem."""
        before = len(self._found)
        value = self._value(name)
        if value is not None:
            return self._read(name, read, value, "")
        if len(self._found) == before and name not in self._misspelled:
            self.problem(f"{name} is missing: {where_from} and set {name} or {name}_FILE")
        return ""

    def optional(self, name: str, read: Callable[[str], T], default: T) -> T:
        """The value, or the default when it is unset, or when it is wrong and a problem was noted."""
        value = self._value(name)
        return default if value is None else self._read(name, read, value, default)

    def problem(self, text: str) -> None:
        """Note what is wrong with several variables taken together."""
        self._found.append(text)

    def problems(self) -> tuple[str, ...]:
        """Everything noted so far, one line each, with the secrets taken out wherever they may have been pasted."""
        return tuple(map(self._without_secrets, self._found))

    def _without_secrets(self, line: str) -> str:
        for value in sorted(self._hidden, key=len, reverse=True):
            line = line.replace(value, "***")
        return " ".join(re.sub(r"\d{5,}:[\w-]{10,}", "***", line).split())

    def _read(self, name: str, read: Callable[[str], T], value: str, default: T) -> T:
        if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
            self.problem(f"{name} has quotation marks around it that became part of the value: take them away")
            return default
        try:
            return read(value)
        except WrongValue as wrong:
            self.problem(f"{name} {wrong}")
            return default

    def _value(self, name: str) -> str | None:
        value = self._environ.get(name, "").strip()
        path = self._environ.get(f"{name}_FILE", "").strip()
        if value and path:
            self.problem(f"{name} and {name}_FILE are both set: keep one of them")
        elif path:
            value = self._from_file(name, Path(path))
        if name in self._secret and len(value) >= SHORTEST_SECRET:
            self._hidden.append(value)
        return value or None

    def _from_file(self, name: str, path: Path) -> str:
        # The path is not shown: the secret itself may have been put where its file's path belongs.
        try:
            with path.open("rb") as file:
                text = file.read(LARGEST_FILE).decode("utf-8-sig")
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else "not a text file"
            self.problem(f"{name}_FILE cannot be read ({reason}): give the path of a file that holds the value")
            return ""
        value = text.partition("\n")[0].strip()
        if not value:
            self.problem(f"{name}_FILE names a file whose first line is empty: put the value there")
        return value

    def _find_misspelled(self, usual: frozenset[str]) -> frozenset[str]:
        """Variables that are unset while something very like them is set."""
        known = {spelling: name for name in self._names for spelling in (name, f"{name}_FILE")}
        present = {known[other] for other in known.keys() & self._environ.keys() if self._environ[other]}
        missing = {spelling: name for spelling, name in known.items() if name not in present | usual}
        found = set()
        for other in sorted(self._environ.keys() - known.keys()):
            close = get_close_matches(other.upper(), missing, n=1, cutoff=ALIKE)
            if close and self._environ[other]:
                self.problem(f"{other} is not a variable of this bot: did you mean {close[0]}?")
                found.add(missing[close[0]])
        return frozenset(found)
