from dataclasses import asdict
from string import Formatter

from sandbox.narration import ENGLISH, NARRATIONS, Narration


def blanks(narration: Narration) -> dict[str, list[str | None]]:
    return {name: sorted(part[1] or "" for part in Formatter().parse(text)) for name, text in asdict(narration).items()}


def test_every_language_fills_in_the_same() -> None:
    for narration in NARRATIONS.values():
        found = {name: [part for part in parts if part] for name, parts in blanks(narration).items()}
        assert found == {name: [part for part in parts if part] for name, parts in blanks(ENGLISH).items()}
