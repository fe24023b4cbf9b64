"""Every form a result has been seen in, and what must never be read out of one."""

import io
import random
import re
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import results
from bot.results import ResultNotUnderstood, Verdict, Verdicts, read_result
from tests.bot.result_files import csv, sheet_xml, unzipped, with_part, workbook, xlsx, zipped

ANNA, BORIS, VERA, GLEB = SENT = ["+79123000001", "+79123000002", "+447700900123", "+380671234567"]
BARE = [number[1:] for number in SENT]
ROWS = [(BARE[0], "yes"), (BARE[1], "no"), (BARE[2], "unknown")]


def codes(data: bytes, sent: list[str] = SENT) -> str:
    return read_result(io.BytesIO(data), sent).codes


def reason(data: bytes, sent: list[str] = SENT) -> str:
    with pytest.raises(ResultNotUnderstood) as refusal:
        read_result(io.BytesIO(data), sent)
    return refusal.value.reason


def test_the_workbook_of_the_contract() -> None:
    assert codes(xlsx(("Number", "telegram"), (ANNA, "yes"), (BORIS, "no"), (VERA, "no"), (GLEB, "yes"))) == "ynny"


def test_what_was_found_is_counted_and_can_be_asked_for_one_by_one() -> None:
    verdicts = read_result(io.BytesIO(csv(("number", "activated"), *ROWS, ("79990000000", "yes"))), SENT)
    assert verdicts == Verdicts("ynuu", foreign=1)
    assert (verdicts.yes, verdicts.no, verdicts.undetermined) == (1, 1, 2)
    assert [verdicts.of(place) for place in range(3)] == [Verdict.YES, Verdict.NO, Verdict.UNDETERMINED]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(csv(("number", "activated"), *ROWS), id="bare csv"),
        pytest.param(csv(("Number", "Telegram"), *ROWS, delimiter=";"), id="semicolons, upper case"),
        pytest.param(csv(("NUMBER", "TELEGRAM"), *ROWS, delimiter="\t"), id="tabs"),
        pytest.param(csv(("telegram", "number"), *((verdict, number) for number, verdict in ROWS)), id="other order"),
        pytest.param(
            csv(("id", "number", "country", "activated"), *((i, n, "RU", v) for i, (n, v) in enumerate(ROWS))),
            id="others between",
        ),
        pytest.param(csv(*ROWS), id="no heads"),
        pytest.param(csv(("Result of 2024",), (), ("number", "activated"), *ROWS), id="title above the heads"),
        pytest.param(csv(("number", "activated"), ("broken", "unknown"), *ROWS), id="first row is broken"),
        pytest.param(csv(("number", "is_active"), *ROWS), id="verdicts under another plain heading"),
        pytest.param(csv(("number", "activated"), *ROWS).replace(b"\n", b"\r\n"), id="CRLF"),
        pytest.param(csv(("number", "activated"), *ROWS).replace(b"\n", b"\r"), id="CR"),
        pytest.param(b"\xef\xbb\xbf" + csv(("number", "activated"), *ROWS), id="utf-8 with a mark"),
        pytest.param(csv(("number", "activated"), *ROWS).decode().encode("utf-16"), id="utf-16"),
        pytest.param(b"\xfe\xff" + csv(("number", "activated"), *ROWS).decode().encode("utf-16-be"), id="utf-16-be"),
        pytest.param(
            csv(("имя", "number", "activated"), *(("Анна", *row) for row in ROWS)).decode().encode("cp1251"),
            id="cp1251",
        ),
        pytest.param(csv(("number", "activated"), *((f'"+{n}"', f'"{v}"') for n, v in ROWS)), id="quoted, with plus"),
        pytest.param(csv(("number", "activated"), *((f'="{n}"', v) for n, v in ROWS)), id="against spreadsheets"),
        pytest.param(csv(("number", "activated"), *((f"{n}.0", v) for n, v in ROWS)), id="floats as text"),
        pytest.param(xlsx(("Number", "telegram"), *ROWS), id="xlsx, numbers as text without plus"),
        pytest.param(xlsx(("Number", "telegram"), *((int(n), v) for n, v in ROWS)), id="xlsx, ints"),
        pytest.param(xlsx(("Number", "telegram"), *((float(n), v) for n, v in ROWS)), id="xlsx, floats"),
        pytest.param(xlsx(("activated", "x", "NUMBER"), *((v, "", n) for n, v in ROWS)), id="xlsx, other order"),
        pytest.param(workbook({"Notes": [("hello",)], "Data": [("Number", "telegram"), *ROWS]}), id="second sheet"),
        pytest.param(
            workbook({"1": [("Number", "telegram"), ROWS[0]], "2": [("Number", "telegram"), *ROWS[1:]]}),
            id="two sheets",
        ),
        pytest.param(zipped({"all.csv": csv(("number", "activated"), *ROWS)}), id="zip of csv"),
        pytest.param(zipped({"task/all.csv": csv(("number", "activated"), *ROWS)}), id="zip with a folder"),
        pytest.param(zipped({"result.xlsx": xlsx(("Number", "telegram"), *ROWS)}), id="zip of xlsx"),
        pytest.param(zipped({"result.txt": csv(("number", "activated"), *ROWS)}), id="zip of a table in txt"),
        pytest.param(zipped({"activated.txt": BARE[0], "unregistered.txt": BARE[1]}), id="zip of lists"),
        pytest.param(zipped({"registered.txt": ANNA, "not_registered.txt": BORIS}), id="zip of lists with plus"),
        pytest.param(zipped({"1-Activated.csv": f"number\n{BARE[0]}", "1-Inactive.csv": BARE[1]}), id="lists in csv"),
        pytest.param(
            zipped(
                {
                    "all.csv": csv(("number", "activated"), *ROWS),
                    "activated.txt": BARE[0],
                    "unregistered.txt": BARE[1],
                    "result.xlsx": xlsx(("Number", "telegram"), *ROWS),
                    "__MACOSX/._all.csv": b"\0\5\26\7",
                    "readme.txt": "Thank you.",
                    "empty.txt": "",
                    "logo.png": b"\x89PNG",
                }
            ),
            id="everything at once",
        ),
    ],
)
def test_a_result_is_understood_in_the_form(data: bytes) -> None:
    assert codes(data) == "ynuu"


@pytest.mark.parametrize("word", ["yes", "Yes", "TRUE", "true", "1", "activated", "Active", " registered ", "y"])
def test_a_yes_may_be_called(word: str) -> None:
    assert codes(csv(("number", "activated"), (BARE[0], word), (BARE[1], "no"))) == "ynuu"


@pytest.mark.parametrize(
    "word", ["no", "NO", "False", "0", "not_activated", "Not Activated", "inactive", "unregistered", "not-registered"]
)
def test_a_no_may_be_called(word: str) -> None:
    assert codes(csv(("number", "activated"), (BARE[0], "yes"), (BARE[1], word))) == "ynuu"


@pytest.mark.parametrize(
    "word",
    ["", "unknown", "undetermined", "error", "n/a", "-1", "2", "yes?", "maybe", "null", "None", "not found", "нет"],
)
def test_anything_else_is_undetermined_and_never_no(word: str) -> None:
    assert codes(csv(("number", "activated"), (BARE[0], "yes"), (BARE[1], word))) == "yuuu"


@pytest.mark.parametrize(
    ("cells", "expected"),
    [((True, False), "yn"), ((1, 0), "yn"), ((1.0, 0.0), "yn"), ((None, 2), "uu"), (("#N/A", 0.5), "uu")],
)
def test_a_sheet_may_hold_verdicts_that_are_no_text(cells: tuple[object, object], expected: str) -> None:
    data = xlsx(("Number", "telegram"), (BARE[0], cells[0]), (BARE[1], cells[1]), (BARE[2], "yes"))
    assert codes(data, SENT[:2]) == expected


@pytest.mark.parametrize("cell", ["7.9123E+10", "7.9123e+10", "7,9123E+10", "79123000000.0", 79123000000.0])
def test_a_number_in_scientific_form_is_taken_exactly(cell: object) -> None:
    assert codes(xlsx(("Number", "telegram"), (cell, "yes")), ["+79123000000"]) == "y"


@pytest.mark.parametrize("cell", ["7.91E+10.5", "79123000000.5", "7.91230000001E+9", "79 123", "1e999999", "inf", "٧"])
def test_a_damaged_number_is_not_bent_into_one_that_was_sent(cell: str) -> None:
    assert codes(csv(("number", "activated"), (cell, "yes"), (BARE[0], "no")), [ANNA, "+79123000000"]) == "nu"


def test_a_heading_decides_between_two_columns_of_yes_and_no() -> None:
    assert codes(csv(("number", "valid", "activated"), (BARE[0], "true", "no"))) == "nuuu"
    assert codes(csv(("number", "activated", "telegram"), (BARE[0], "yes", "no"))) == "nuuu"


def test_the_column_activated_is_asked_where_telegram_holds_something_else() -> None:
    assert codes(csv(("number", "telegram", "activated"), (BARE[0], "@anna", "yes"))) == "yuuu"


def test_an_answer_to_another_question_is_no_verdict() -> None:
    assert reason(csv(("number", "valid"), (BARE[0], "yes"))) == "no table with numbers and verdicts"
    assert reason(csv(*((n, v, v) for n, v in ROWS))) == "no table with numbers and verdicts"


def test_a_row_number_is_not_taken_for_the_phone_number() -> None:
    assert codes(csv(("number", "phone", "activated"), ("10000", BARE[0], "yes"), ("10001", BARE[1], "no"))) == "ynuu"


def test_numbers_that_do_not_come_back_are_undetermined() -> None:
    assert codes(csv(("number", "activated"), (BARE[3], "no"))) == "uuun"
    assert codes(csv(("number", "activated"))) == "uuuu"


def test_without_a_list_of_the_unregistered_the_rest_is_undetermined() -> None:
    assert codes(zipped({"registered.txt": BARE[0]})) == "yuuu"
    assert codes(zipped({"activated.txt": f"{BARE[0]}\n{BARE[2]}\n", "unregistered.txt": ""})) == "yuyu"


def test_contradictory_rows_make_a_number_undetermined() -> None:
    heads = ("number", "activated")
    assert codes(csv(heads, (BARE[0], "yes"), (BARE[0], "no"), (BARE[1], "no"), (BARE[1], "no"))) == "unuu"
    assert codes(csv(heads, (BARE[0], "yes"), (BARE[0], "error"))) == "uuuu"
    assert codes(zipped({"all.csv": csv(heads, *ROWS), "unregistered.txt": f"{BARE[0]}\n{BARE[1]}"})) == "unuu"


def test_parts_of_a_zip_that_tell_the_same_do_not_count_foreign_rows_twice() -> None:
    rows = [*ROWS, ("79990000000", "no"), ("79990000001", "no")]
    data = zipped({"all.csv": csv(("number", "activated"), *rows), "unregistered.txt": "79990000000\n79990000001\n"})
    assert read_result(io.BytesIO(data), SENT).foreign == 2


def test_a_number_sent_twice_is_answered_twice() -> None:
    assert codes(csv(("number", "activated"), *ROWS), [ANNA, BORIS, ANNA]) == "yny"


def test_a_result_of_another_list_is_refused() -> None:
    assert reason(csv(("number", "activated"), ("79990000000", "yes"))) == "none of the numbers that were sent"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "empty"),
        (b"  \n\n ", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"<!DOCTYPE html><html><body>79123000001,yes</body></html>", "HTML or XML"),
        (b"<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>", "HTML or XML"),
        (b'{"error": "expired"}', "JSON"),
        (b'[{"number": "79123000001", "activated": "yes"}]', "JSON"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "binary"),
        (b"\x1f\x8b\x08\x00\x00\x00", "binary"),
        (b"Not found", "no table with numbers and verdicts"),
        (csv(*((n,) for n in BARE)), "no table with numbers and verdicts"),
        (b"PK\x03\x04", "broken archive"),
        (zipped({"all.csv": csv(*ROWS)})[:-30], "broken archive"),
        (zipped({}), "no table with numbers and verdicts"),
        (zipped({"readme.txt": "hello", "0.txt": BARE[0]}), "no table with numbers and verdicts"),
        (zipped({"inner.zip": zipped({"all.csv": csv(*ROWS)})}), "no table with numbers and verdicts"),
        (zipped({"r.xlsx": zipped({"all.csv": csv(*ROWS)})}), "no table with numbers and verdicts"),
        (zipped({"r.xlsx": zipped({"r.xlsx": xlsx(*ROWS)})}), "no table with numbers and verdicts"),
        (b"number,activated\n" + b"7" * 200_000, "a line without an end"),
    ],
)
def test_what_is_no_result_is_refused_with_a_reason(data: bytes, why: str) -> None:
    assert reason(data) == why


def test_damage_inside_a_zip_is_not_passed_over() -> None:
    data = bytearray(zipped({"all.csv": csv(("number", "activated"), *ROWS)}, packed=zipfile.ZIP_STORED))
    data[data.index(b"yes") : data.index(b"yes") + 3] = b"no\n"
    assert reason(bytes(data)) == "broken: BadZipFile"


def test_a_table_that_turns_to_garbage_is_not_read_by_half() -> None:
    data = csv(("number", "activated"), *ROWS * 2000) + b"x" * 200_000
    assert reason(data) == "a line without an end"
    assert reason(zipped({"all.csv": data})) == "a line without an end"


def test_a_workbook_too_large_inside_a_zip_is_not_taken_into_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(results, "_MOST_NESTED_BYTES", 100)
    assert reason(zipped({"result.xlsx": xlsx(*ROWS)})) == "a workbook too large inside a ZIP"


def test_a_number_that_is_none_gets_no_verdict() -> None:
    assert codes(csv(("number", "activated"), *ROWS), [ANNA, "Anna", BORIS]) == "yun"


def test_a_reason_never_quotes_the_file() -> None:
    broken = with_part(xlsx(*ROWS), "xl/worksheets/sheet1.xml", sheet_xml(f'<row r="{ANNA}x"><c r="??"/></row>'))
    with pytest.raises(ResultNotUnderstood) as refusal:
        read_result(io.BytesIO(broken), SENT)
    assert refusal.value.reason == "broken: ValueError"
    assert refusal.value.__cause__ is None
    assert refusal.value.__suppress_context__
    assert "79123" not in str(refusal.value)


def _cell(place: str, value: str) -> str:
    return f'<c r="{place}" t="str"><v>{value}</v></c>'


SHEET_ROWS = "".join(
    f'<row r="{place}">{_cell(f"A{place}", number)}{_cell(f"B{place}", verdict)}</row>'
    for place, (number, verdict) in enumerate([("Number", "telegram"), *ROWS], 1)
)


@pytest.mark.parametrize("dimension", ["A1", "A1:A1", "A1:XFD1048576", "A1:B2", "C7:D9", ""])
def test_a_lying_dimension_is_not_believed(dimension: str) -> None:
    data = with_part(xlsx(*ROWS), "xl/worksheets/sheet1.xml", sheet_xml(SHEET_ROWS, dimension))
    assert codes(data) == "ynuu"


def test_rows_and_cells_need_not_say_where_they_stand() -> None:
    bare = re.sub(r' r="\w+"', "", SHEET_ROWS)
    assert codes(with_part(xlsx(*ROWS), "xl/worksheets/sheet1.xml", sheet_xml(bare))) == "ynuu"


def test_rows_beyond_the_sample_are_heard_too() -> None:
    sent = [f"+79123{place:06}" for place in range(2500)]
    rows = [(number, "yes" if place % 3 else "no") for place, number in enumerate(sent)]
    expected = "".join("y" if place % 3 else "n" for place in range(2500))
    assert codes(csv(("number", "activated"), *rows), sent) == expected
    assert codes(xlsx(("Number", "telegram"), *rows), sent) == expected


@pytest.mark.parametrize("place", [1_048_577, 4_000_000_000])
def test_a_row_that_claims_to_be_beyond_every_sheet_spoils_the_file(place: int) -> None:
    far = SHEET_ROWS.replace('r="4"', f'r="{place}"').replace("A4", f"A{place}").replace("B4", f"B{place}")
    data = with_part(xlsx(*ROWS), "xl/worksheets/sheet1.xml", sheet_xml(far))
    assert reason(data) == "a row beyond the end of every sheet"


def test_the_last_row_of_a_sheet_is_heard() -> None:
    last = SHEET_ROWS.replace('r="4"', 'r="1048576"').replace("A4", "A1048576").replace("B4", "B1048576")
    assert codes(with_part(xlsx(*ROWS), "xl/worksheets/sheet1.xml", sheet_xml(last))) == "ynuu"


def test_a_sheet_of_all_its_columns_is_read_as_far_as_a_result_goes() -> None:
    wide = SHEET_ROWS + f'<row r="5">{_cell("A5", BARE[3])}{_cell("B5", "yes")}{_cell("XFD5", "no")}</row>'
    assert codes(with_part(xlsx(*ROWS), "xl/worksheets/sheet1.xml", sheet_xml(wide))) == "ynuy"


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/styles.xml", "[Content_Types].xml", "xl/x.bin"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_workbook_with_entities_is_refused_before_it_is_parsed(part: str, encoding: str) -> None:
    bomb = '<!DOCTYPE a [<!ENTITY b "yes"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
    xml = f'<?xml version="1.0" encoding="{encoding}"?><!-- x -->{bomb}<a>&c;</a>'
    data = with_part(xlsx(*ROWS), part, xml.encode(encoding))
    assert reason(data) == "XML with a DOCTYPE"
    assert reason(zipped({"result.xlsx": data})) == "XML with a DOCTYPE"


rows = st.lists(
    st.tuples(st.sampled_from([*BARE, "79990000000"]), st.sampled_from(["yes", "no", "1", "0", "error", "", "TRUE"])),
    max_size=20,
)


@given(rows=rows, seed=st.integers(0, 2**32), as_xlsx=st.booleans())
@settings(max_examples=60, deadline=None)
def test_the_order_of_rows_changes_nothing(rows: list[tuple[str, str]], seed: int, *, as_xlsx: bool) -> None:
    shuffled = random.Random(seed).sample(rows, len(rows))
    table = xlsx if as_xlsx else csv
    first, second = (_outcome(table(("number", "activated"), *each)) for each in (rows, shuffled))
    assert first == second


def _outcome(data: bytes, sent: list[str] = SENT) -> Verdicts | str:
    try:
        verdicts = read_result(io.BytesIO(data), sent)
    except ResultNotUnderstood as error:
        return error.reason
    assert len(verdicts.codes) == len(sent)
    assert set(verdicts.codes) <= set("ynu")
    return verdicts


@given(st.binary(max_size=400) | st.text(max_size=200).map(str.encode))
@settings(max_examples=300, deadline=None)
def test_no_bytes_break_it(data: bytes) -> None:
    _outcome(data)
    _outcome(csv(("number", "activated"), *ROWS) + data)
    _outcome(b"PK" + data)


VALID = [
    xlsx(("Number", "telegram"), *ROWS),
    zipped({"all.csv": csv(("number", "activated"), *ROWS), "unregistered.txt": BARE[1]}),
    zipped({"all.csv": csv(("number", "activated"), *ROWS)}, packed=zipfile.ZIP_STORED),
    zipped({"result.xlsx": xlsx(("Number", "telegram"), *ROWS)}, packed=zipfile.ZIP_STORED),
]
changes = st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=6)


@given(data=st.sampled_from(VALID), changes=changes, cut=st.none() | st.floats(0, 1))
@settings(max_examples=300, deadline=None)
def test_no_damage_to_an_archive_breaks_it(data: bytes, changes: list[tuple[float, int]], cut: float | None) -> None:
    mutated = bytearray(data)
    for place, byte in changes:
        mutated[int(place * len(mutated))] = byte
    _outcome(bytes(mutated if cut is None else mutated[: int(cut * len(mutated))]))


PARTS = unzipped(xlsx(("Number", "telegram"), *ROWS))


@given(part=st.sampled_from(sorted(PARTS)), changes=changes)
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_damage_to_the_parts_of_a_workbook_breaks_it(part: str, changes: list[tuple[float, int]]) -> None:
    mutated = bytearray(PARTS[part])
    for place, byte in changes:
        mutated[int(place * len(mutated))] = byte
    _outcome(zipped({**PARTS, part: bytes(mutated)}))
