"""One row: what may come, what the bot does, and which tests show it."""

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table."""

    comes: str
    """What comes over the wire."""
    does: str
    """What follows from it."""
    tests: tuple[str, ...]
    """Without ``tests/``, ``test_`` and ``.py``: ``bot/updates::a_b`` is ``tests/bot/test_updates.py::test_a_b``."""

    def missing(self) -> list[str]:
        """Give the tests that do not exist."""
        return [name for name in map(full_name, self.tests) if not exists(name)]


def full_name(test: str) -> str:
    """Write a test's name as pytest knows it: ``bot/updates::a_b`` is ``tests/bot/test_updates.py::test_a_b``."""
    path, _, name = test.partition("::")
    folder, slash, file = path.rpartition("/")
    return f"tests/{folder}{slash}test_{file}.py::test_{name}"


def exists(test: str) -> bool:
    """Say whether pytest would find this test."""
    path, _, name = test.partition("::")
    return name in named_in(ROOT / path)


@cache
def named_in(path: Path) -> frozenset[str]:
    """Give the names of the tests that a file holds; none where there is no such file."""
    if not path.exists():
        return frozenset()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = (node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return frozenset(node.name for node in functions if node.name.startswith("test_"))
