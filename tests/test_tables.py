"""Every row of what may come over the wire has tests by name, and they exist."""

from pathlib import Path

import pytest

from tests.tables import TABLES
from tests.tables.__main__ import main
from tests.tables.row import Row, exists, full_name, named_in

ROWS = [pytest.param(row, id=f"{title}: {row.comes}") for title, table in TABLES.items() for row in table]


@pytest.mark.parametrize("row", ROWS)
def test_a_row_is_shown_by_tests_that_exist(row: Row) -> None:
    assert row.comes
    assert row.does
    assert row.tests, "nothing shows this row"
    assert len(set(row.tests)) == len(row.tests)
    assert row.missing() == []


def test_the_command_prints_every_row_and_finds_none_missing(capsys: pytest.CaptureFixture[str]) -> None:
    assert main() == 0

    said = capsys.readouterr().out
    for table in TABLES.values():
        for row in table:
            assert row.comes in said
            assert all(full_name(test) in said for test in row.tests)
    assert "0 tests are missing" in said


def test_the_command_fails_where_a_test_is_missing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(TABLES, "More", (Row("rain", "an umbrella", ("bot/updates::it_never_rains",)),))

    assert main() == 1
    assert "MISSING  tests/bot/test_updates.py::test_it_never_rains" in capsys.readouterr().out


def test_only_what_pytest_would_find_is_a_test(tmp_path: Path) -> None:
    path = tmp_path / "test_a.py"
    path.write_text(
        "def test_a(): ...\nasync def test_b(): ...\ndef helper():\n    def test_c(): ...\n# def test_d(): ...\n"
    )

    assert named_in(path) == {"test_a", "test_b"}
    assert named_in(tmp_path / "test_none.py") == frozenset()
    assert full_name("story_wire::a") == "tests/test_story_wire.py::test_a"
    assert not exists("tests/test_none.py::test_a")
