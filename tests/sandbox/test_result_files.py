import io
import zipfile
from typing import Any

import pytest
from openpyxl import load_workbook

from sandbox.check_options import CheckOptions
from sandbox.result_files import Finding, find, rows_of, verdict_of, write_result
from tests.sandbox.check_client import rows_of as cells_of
from tests.sandbox.check_client import some_numbers

TWO = [Finding("+79161234567", "yes", "yes"), Finding("+12025550123", "no", "no")]


def written(**options: Any) -> bytes:
    return write_result(TWO, CheckOptions(**options))


def entries(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_verdict_is_a_function_of_the_number() -> None:
    numbers = some_numbers(1000)
    verdicts = [verdict_of(number) for number in numbers]
    assert verdicts == [verdict_of(number) for number in numbers]
    assert 550 < verdicts.count("yes") < 650
    assert verdicts.count("yes") + verdicts.count("no") == 1000


def test_the_verdict_of_a_number_never_changes_between_versions() -> None:
    assert [verdict_of(f"+7916123456{digit}") for digit in range(6)] == ["no", "yes", "no", "yes", "yes", "yes"]


def test_the_share_of_undetermined_takes_from_yes_and_no_alike_and_leaves_the_others_as_they_were() -> None:
    numbers = some_numbers(1000)
    verdicts = {number: verdict_of(number, 0.6, 0.2) for number in numbers}
    determined = [number for number in numbers if verdicts[number] != "undetermined"]
    assert 750 < len(determined) < 850
    assert all(verdicts[number] == verdict_of(number) for number in determined)


@pytest.mark.parametrize(("share", "expected"), [(0.0, {"no"}), (1.0, {"yes"})])
def test_all_numbers_can_be_alike(share: float, expected: set[str]) -> None:
    assert {verdict_of(number, share) for number in some_numbers(100)} == expected


@pytest.mark.parametrize(("how", "expected"), [("missing", {None}), ("word", {"unknown"}), ("both", {None, "unknown"})])
def test_undetermined_numbers_do_not_come_back_or_come_back_with_an_odd_word(how: str, expected: set[Any]) -> None:
    options = CheckOptions(share_undetermined=0.5, undetermined_as=how)  # type: ignore[arg-type]
    found = find(some_numbers(100), options)
    assert {finding.word for finding in found if finding.verdict == "undetermined"} == expected
    assert len(rows_of(found, options)) == sum(finding.word is not None for finding in found)


def test_the_workbook_has_the_documents_columns() -> None:
    assert cells_of(written()) == [("Number", "telegram"), ("+79161234567", "yes"), ("+12025550123", "no")]


@pytest.mark.parametrize(
    ("form", "first"),
    [("e164", "+79161234567"), ("bare", "79161234567"), ("int", 79161234567), ("float", 79161234567.0)],
)
def test_numbers_stand_in_a_workbook_in_several_ways(form: str, first: object) -> None:
    assert cells_of(written(number_form=form))[1][0] == first


def test_the_csv_has_other_headers_and_what_is_true_is_written_small() -> None:
    assert written(result_form="csv") == b"number,activated\n+79161234567,yes\n+12025550123,no\n"
    odd = [Finding("+79161234567", "yes", word=True), Finding("+12025550123", "no", word=0)]
    options = CheckOptions(result_form="csv", number_form="float", words=(True, 0))
    assert write_result(odd, options) == b"number,activated\n79161234567.0,true\n12025550123.0,0\n"


@pytest.mark.parametrize(
    ("form", "names"),
    [
        ("zip_csv", ["all.csv"]),
        ("zip_txt", ["activated.txt", "unregistered.txt"]),
        ("zip_xlsx", ["result.xlsx"]),
        ("zip_all", ["all.csv", "activated.txt", "unregistered.txt", "result.xlsx"]),
    ],
)
def test_an_archive_holds_what_its_form_says(form: str, names: list[str]) -> None:
    assert list(entries(written(result_form=form))) == names


def test_the_lists_of_an_archive_hold_only_numbers() -> None:
    files = entries(written(result_form="zip_txt", number_form="bare", registered_name="registered.txt"))
    assert files == {"registered.txt": b"79161234567\n", "unregistered.txt": b"12025550123\n"}


def test_undetermined_numbers_stand_in_neither_list_of_an_archive() -> None:
    rows = [*TWO, Finding("+4915112345678", "undetermined", "unknown")]
    files = entries(write_result(rows, CheckOptions(result_form="zip_all")))
    assert b"4915112345678" in files["all.csv"]
    assert b"4915112345678" not in files["activated.txt"] + files["unregistered.txt"]


def test_columns_may_be_named_and_placed_otherwise_with_others_between() -> None:
    assert cells_of(written(verdict_first=True, extra_columns=True, upper_case_headers=True)) == [
        ("ID", "TELEGRAM", "NOTE", "NUMBER"),
        (1, "yes", None, "+79161234567"),
        (2, "no", None, "+12025550123"),
    ]
    assert cells_of(written(number_column="phone", verdict_column="activated"))[0] == ("phone", "activated")


def test_words_for_yes_and_no_may_be_any_cell_value() -> None:
    options = CheckOptions(words=(1, 0))
    assert {finding.word for finding in find(some_numbers(20), options)} == {0, 1}
    rows = find(some_numbers(20), CheckOptions(words=(True, False)))
    assert {cells[1] for cells in cells_of(write_result(rows, options))[1:]} == {True, False}


def test_rows_may_come_in_another_order() -> None:
    options = CheckOptions(shuffled=True)
    found = find(some_numbers(50), options)
    rows = rows_of(found, options)
    assert rows != found
    assert sorted(rows, key=lambda row: row.number) == found
    assert rows == rows_of(found, options)


def test_a_sheet_may_say_that_it_is_one_cell_large() -> None:
    book = load_workbook(io.BytesIO(written(wrong_dimension=True)), read_only=True)
    try:
        sheet = book.worksheets[0]
        assert len(list(sheet.values)) < 3 or sheet.max_row == 1
        sheet.reset_dimensions()
        assert len(list(sheet.values)) == 3
    finally:
        book.close()
