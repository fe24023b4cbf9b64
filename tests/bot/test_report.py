"""What people receive: no text of a list may act in their spreadsheet, no undetermined number may look like a no."""

import io
import random
import unicodedata
from datetime import date, datetime

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from bot import workbook
from bot.number_list import Number, NumberList, Reason, Rejected
from bot.packing import pack
from bot.report import Doubt, SheetWords, Summary, rejected_file, result_name, summarise
from bot.results import Verdicts, read_result
from bot.workbook import write_workbook

WORDS = SheetWords(
    sent="Проверено",
    yes="Есть в Telegram",
    no="Нет",
    undetermined="Не определено",
    repeated="Повторы",
    rejected="Отклонено",
    time="Время",
    cost="Цена",
    checked_now="Проверено сейчас",
    recalled="Известно раньше",
    reasons={"damaged": "испорчен таблицей", "too_short": "слишком короткий"},
    countries={"RU": "Россия", "GB": "Великобритания"},
)
NUMBERS = NumberList(
    valid=(
        Number("+79123000001", "RU", 1, "8 912 300-00-01"),
        Number("+447700900123", "GB", 2, "+44 7700 900123"),
        Number("+80012345678", "001", 4, "+80012345678"),
    ),
    repeated=2,
    rejected=(
        Rejected(3, '=HYPERLINK("http://x")', Reason.NOT_A_NUMBER),
        Rejected(5, "8 912\t34", Reason.TOO_SHORT, "RU"),
    ),
)
VERDICTS = Verdicts("ynu")
FORMULAS = ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1+1", "\r=1+1", "#N/A", "=cmd|' /C calc'!A0", "{=1}", "'=1"]


DAY = date(2026, 11, 23)
WRITTEN_DAY = datetime(2026, 11, 23)  # noqa: DTZ001  (what openpyxl gives for the cell of a day)


def written(
    numbers: NumberList = NUMBERS, verdicts: Verdicts = VERDICTS, words: SheetWords = WORDS, recalled: int = 0
) -> io.BytesIO:
    stream = io.BytesIO()
    summary = summarise(numbers, verdicts, seconds=431.6, cost="$0.74", recalled=recalled)
    write_workbook(stream, pack(numbers), verdicts, summary, words, checked_on=[DAY] * len(numbers.valid))
    stream.seek(0)
    return stream


def opened(stream: io.BytesIO) -> dict[str, Worksheet]:
    return {sheet.title: sheet for sheet in openpyxl.load_workbook(stream).worksheets}


def values(sheet: Worksheet) -> list[tuple[object, ...]]:
    return [tuple(row) for row in sheet.iter_rows(values_only=True)]


def test_the_result_sheet_has_a_row_for_each_number_with_its_verdict() -> None:
    sheet = opened(written())["Result"]
    assert values(sheet) == [
        ("Number", "telegram", "Country", "As sent", "Checked on"),
        ("+79123000001", "yes", "Россия", "8 912 300-00-01", WRITTEN_DAY),
        ("+447700900123", "no", "Великобритания", "+44 7700 900123", WRITTEN_DAY),
        ("+80012345678", "undetermined", "001", "+80012345678", WRITTEN_DAY),
    ]


def test_the_result_sheet_is_ready_to_be_worked_with() -> None:
    sheet = opened(written())["Result"]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:E4"
    assert [sheet.column_dimensions[column].width for column in "ABCDE"] == [18, 14, 24, 30, 14]
    assert (sheet["E2"].is_date, sheet["E2"].number_format) == (True, "yyyy-mm-dd")
    assert sheet["A1"].font.bold
    assert sheet["A2"].number_format == "@"
    assert sheet["A2"].data_type == "s"
    assert sheet["A2"].quotePrefix


def test_the_summary_sheet_counts_in_the_words_of_the_people() -> None:
    assert values(opened(written())["Summary"]) == [
        ("Проверено", 3, None),
        ("Есть в Telegram", 1, 1 / 3),
        ("Нет", 1, 1 / 3),
        ("Не определено", 1, 1 / 3),
        ("Повторы", 2, None),
        ("Отклонено", 2, None),
        ("Время", "0:07:12", None),
        ("Цена", "$0.74", None),
    ]


def test_the_summary_sheet_says_what_was_known_from_before() -> None:
    assert values(opened(written(recalled=2))["Summary"])[6:8] == [
        ("Проверено сейчас", 1, None),
        ("Известно раньше", 2, None),
    ]


def test_the_countries_sheet_counts_them_and_knows_no_rate_where_nothing_was_determined() -> None:
    sheet = opened(written())["Countries"]
    assert values(sheet) == [
        ("Country", "Numbers", "yes", "no", "undetermined", "yes rate"),
        ("001", 1, 0, 0, 1, None),
        ("Великобритания", 1, 0, 1, 0, 0),
        ("Россия", 1, 1, 0, 0, 1),
    ]
    assert (sheet.auto_filter.ref, sheet["F3"].number_format) == ("A1:F4", "0.0%")


def test_the_rejected_sheet_says_why() -> None:
    assert values(opened(written())["Rejected"]) == [
        ("Line", "Text", "Reason"),
        (3, '=HYPERLINK("http://x")', "not_a_number"),
        (5, "8 912\t34", "слишком короткий, Россия"),
    ]


def test_there_is_no_rejected_sheet_where_nothing_was_rejected() -> None:
    stream = io.BytesIO()
    numbers = NumberList(valid=NUMBERS.valid)
    write_workbook(stream, pack(numbers), VERDICTS, Summary(3, 1, 1, 1, 0, 0), WORDS, checked_on=[DAY] * 3)
    sheets = opened(stream)
    assert list(sheets) == ["Result", "Summary", "Countries"]
    assert len(values(sheets["Summary"])) == 6  # neither time nor cost: they are not known


def test_the_same_input_gives_the_same_cells() -> None:
    assert [values(sheet) for sheet in opened(written()).values()] == [
        values(sheet) for sheet in opened(written()).values()
    ]


def test_a_verdict_must_be_there_for_each_number() -> None:
    with pytest.raises(ValueError, match="not one verdict for each number"):
        written(verdicts=Verdicts("yn"))


@given(texts=st.lists(st.text() | st.sampled_from(FORMULAS), min_size=1, max_size=8))
@settings(max_examples=60, deadline=None)
def test_no_text_of_a_list_becomes_a_formula(texts: list[str]) -> None:
    numbers = NumberList(
        valid=tuple(Number(f"+7912300000{i}", text, i, text) for i, text in enumerate(texts)),
        rejected=tuple(Rejected(i, text, Reason.DAMAGED, text) for i, text in enumerate(texts)),
    )
    word = texts[0]
    words = SheetWords(word, word, word, word, word, word, word, word, word, word, {"damaged": word})
    sheets = opened(written(numbers, Verdicts("u" * len(texts)), words))
    for sheet in sheets.values():
        for row in sheet.iter_rows():
            for cell in row:
                if not isinstance(cell.value, datetime):
                    assert cell.data_type == ("s" if isinstance(cell.value, str) else "n")
                heads = cell.row == 1 and sheet.title != "Summary"
                assert heads or cell.data_type in {"n", "d"} or cell.quotePrefix


@pytest.mark.parametrize("text", FORMULAS)
def test_a_text_that_looks_like_a_formula_is_kept_as_it_is(text: str) -> None:
    numbers = NumberList(valid=(Number("+79123000001", "RU", 1, text),))
    cell = opened(written(numbers, Verdicts("y")))["Result"]["D2"]
    assert cell.value == text.replace("\r", "\n")  # XML has only one kind of line end
    assert (cell.data_type, cell.quotePrefix) == ("s", True)


@pytest.mark.parametrize(
    ("text", "stored"),
    [("a\x00b\x1f\ufffecd", "abcd"), ("x" * 40_000, "x" * 32_767), ("😀" * 20_000, "😀" * 16_383)],
)
def test_what_a_cell_cannot_hold_is_left_out(text: str, stored: str) -> None:
    numbers = NumberList(valid=(Number("+79123000001", "RU", 1, text),))
    assert opened(written(numbers, Verdicts("y")))["Result"]["D2"].value == stored


def test_more_rows_than_a_sheet_holds_go_on_in_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 3)
    stream = written()
    sheets = opened(stream)
    assert list(sheets) == ["Result", "Result 2", "Summary", "Countries", "Countries 2", "Rejected"]
    assert [row[0] for row in values(sheets["Result"])] == ["Number", "+79123000001", "+447700900123"]
    assert [row[0] for row in values(sheets["Result 2"])] == ["Number", "+80012345678"]
    assert sheets["Result 2"].auto_filter.ref == "A1:E2"
    assert read_result(stream, [number.e164 for number in NUMBERS.valid]) == VERDICTS


@given(
    codes=st.text("ynu", min_size=1, max_size=30), seed=st.integers(0, 2**32), texts=st.lists(st.text(), max_size=30)
)
@settings(max_examples=60, deadline=None)
def test_our_own_workbook_read_as_a_result_gives_the_same_verdicts(codes: str, seed: int, texts: list[str]) -> None:
    order = random.Random(seed).sample(range(1000), len(codes))
    as_sent = dict(enumerate(texts))
    numbers = NumberList(
        valid=tuple(Number(f"+79123{i:06}", "RU", i, as_sent.get(i, f"8 9123 {i}")) for i in order),
        rejected=tuple(Rejected(i, text, Reason.DAMAGED) for i, text in enumerate(texts)),
    )
    verdicts = Verdicts(codes)
    assert read_result(written(numbers, verdicts), [number.e164 for number in numbers.valid]) == verdicts


def test_shares_add_up_and_an_empty_list_has_none() -> None:
    shares = Summary(sent=4912, yes=3046, no=1679, undetermined=187, repeated=0, rejected=0).shares
    assert [f"{share:.1%}" for share in shares.values()] == ["62.0%", "34.2%", "3.8%"]
    empty = Summary(0, 0, 0, 0, 0, 0)
    assert set(empty.shares.values()) == {0.0}
    assert empty.doubtful is None


@pytest.mark.parametrize(
    ("yes", "no", "undetermined", "doubt"),
    [
        (80, 0, 20, Doubt.MANY_UNDETERMINED),
        (81, 0, 19, None),
        (0, 0, 1, Doubt.MANY_UNDETERMINED),
        (200, 0, 0, Doubt.ALL_ALIKE),
        (0, 200, 0, Doubt.ALL_ALIKE),
        (0, 0, 200, Doubt.MANY_UNDETERMINED),
        (199, 0, 0, None),
        (0, 199, 0, None),
        (199, 1, 0, None),
        (199, 0, 1, None),
    ],
)
def test_a_result_that_may_be_wrong_is_doubtful(yes: int, no: int, undetermined: int, doubt: Doubt | None) -> None:
    assert Summary(yes + no + undetermined, yes, no, undetermined, 0, 0).doubtful is doubt


def test_the_rejected_lines_as_a_text() -> None:
    text = rejected_file(NUMBERS.rejected, WORDS)
    assert text.startswith(b"\xef\xbb\xbf")
    assert text.decode("utf-8-sig").splitlines() == [
        '3: =HYPERLINK("http://x") (not_a_number)',
        "5: 8 912 34 (слишком короткий, Россия)",
    ]


@pytest.mark.parametrize("most", [0, 3, 60, 61, 102, 1000])
def test_rejected_lines_that_do_not_fit_are_left_out_whole(most: int) -> None:
    whole = rejected_file(NUMBERS.rejected, WORDS)
    cut = rejected_file(NUMBERS.rejected, WORDS, most)
    assert len(cut) <= max(most, 0)
    assert whole.startswith(cut)
    assert whole[len(cut) :].count(b"\n") + cut.count(b"\n") == 2
    assert cut[-1:] in {b"", b"\n"}


def test_half_a_character_in_a_rejected_line_does_not_stop_the_rest() -> None:
    assert rejected_file([Rejected(1, "\ud83d", Reason.DAMAGED)], WORDS).endswith("1: ? (испорчен таблицей)\n".encode())


@pytest.mark.parametrize(
    ("list_name", "expected"),
    [
        ("base nov.txt", "base_nov"),
        (None, "numbers"),
        ("", "numbers"),
        ("База, ноябрь.csv", "База_ноябрь"),
        ("日本 リスト.txt", "日本_リスト"),
        ("../../etc/passwd", "etc_passwd"),
        ("C:\\lists\\a.txt", "C_lists_a"),
        ("a\x00b\nc.txt", "a_b_c"),
        ("\u202etxt.exe", "txt"),
        ("...", "numbers"),
        (".txt", "numbers"),
        ("👍👍.txt", "numbers"),
        ("\u0301.txt", "numbers"),
        ("-rf.txt", "rf"),
        ("v1.2.txt", "v1_2"),
        ("base.2024", "base_2024"),
        ("x" * 300 + ".txt", "x" * 36),
        ("<b>&amp;</b>.txt", "b_amp_b"),
    ],
)
def test_the_workbook_is_named_after_the_list(list_name: str | None, expected: str) -> None:
    assert result_name(list_name, date(2026, 11, 23)) == f"{expected}_checked_2026-11-23.xlsx"


@given(st.text(max_size=120))
def test_no_list_name_gives_a_name_that_is_none(list_name: str) -> None:
    name = result_name(list_name, date(2026, 11, 23))
    assert len(name) <= 60
    assert name.endswith("_checked_2026-11-23.xlsx")
    assert name[0] not in "._- "
    assert all(letter in "_-." or unicodedata.category(letter)[0] in "LMN" for letter in name)
    assert name.count(".") == 1
