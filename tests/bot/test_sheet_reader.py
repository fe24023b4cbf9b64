"""What is read out of a sheet's XML is what openpyxl reads there; all else is left to openpyxl."""

import io
import re
import zipfile
from collections.abc import Sequence
from datetime import date

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import sheet_reader, xml_blocks
from bot.book_layout import NotSure
from bot.sheet_reader import read_sheets
from bot.tables import NotATable, sheets
from tests.bot.hostile import examples
from tests.bot.result_files import MAIN, sheet_xml, unzipped, with_part, workbook, xlsx, zipped

SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"
STRINGS_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
Rows = list[list[tuple[object, ...]]]


def quick(data: bytes) -> Rows | None:
    """Read a workbook by its XML; None where that is not sure."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        try:
            return [[tidy(row) for row in rows] for rows in read_sheets(archive)]
        except NotSure:
            return None


def usual(data: bytes) -> Rows:
    return [[tidy(row) for row in rows] for rows in sheets(io.BytesIO(data))]


def tidy(row: Sequence[object]) -> tuple[object, ...]:
    """Let an empty text be no text, and leave out what is empty at the end: for a verdict it is all the same."""
    cells = [None if cell == "" else cell for cell in row]
    while cells and cells[-1] is None:
        cells.pop()
    return tuple(cells)


def with_sheet(rows: str, **more: str) -> bytes:
    return with_part(xlsx(("x",)), SHEET, sheet_xml(rows, **more))


def with_strings(data: bytes, strings: str) -> bytes:
    """Give a workbook strings that its cells share."""
    kinds = unzipped(data)["[Content_Types].xml"].decode()
    part = f'<Override PartName="/{STRINGS}" ContentType="{STRINGS_KIND}" />'
    data = with_part(data, "[Content_Types].xml", kinds.replace("</Types>", f"{part}</Types>"))
    return with_part(data, STRINGS, f'<sst xmlns="{MAIN}" count="3" uniqueCount="3">{strings}</sst>')


SHARED = (
    '<si><t>Number</t></si><si><t>telegram</t></si><si><t>yes</t></si><si><t xml:space="preserve"> no &amp;c </t></si>'
)
HEADS = '<row r="1" spans="1:2"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>'


def rows_of_two(*cells: str) -> str:
    return HEADS + "".join(
        f'<row r="{at}" spans="1:2">{cell.replace("#", str(at))}</row>' for at, cell in enumerate(cells, 2)
    )


READ = {
    "of openpyxl": xlsx(("Number", "telegram"), ("+79120000001", "yes"), (79120000002, None), (7.5, True), (None, 0)),
    "of two sheets": workbook({"a": [("x", "y")], "b": [(1, 2), (3, 4)]}),
    "with shared strings": with_strings(
        with_sheet(rows_of_two(*['<c r="A#"><v>79120000001</v></c><c r="B#" t="s"><v>2</v></c>'] * 30)), SHARED
    ),
    "with a cell missing here and there": with_strings(
        with_sheet(
            rows_of_two(
                '<c r="A#"><v>1</v></c><c r="B#" t="s"><v>2</v></c>',
                '<c r="A#"><v>2</v></c>',
                '<c r="B#" t="s"><v>3</v></c>',
                '<c r="A#" t="n"><v>-1.5E+3</v></c><c r="B#"/>',
                '<c r="A#"><v>1</v></c><c r="B#" t="s"><v>2</v></c>',
                '<c r="A#" t="b"><v>1</v></c><c r="D#" t="e"><v>#N/A</v></c>',
            )
        ),
        SHARED,
    ),
    "as streams are written": with_sheet(
        '<row r="1"><c r="A1" t="inlineStr"><is><t>Number</t></is></c></row>'
        '<row r="2"><c r="A2" t="inlineStr"><is><t xml:space="preserve"> 7 </t></is></c></row><row r="3"></row>'
        '<row r="9"><c r="A9" t="inlineStr"><is><t></t></is></c><c r="B9" t="str"><v>a&lt;b</v></c></row>'
    ),
    "without places": with_sheet("<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>" * 3),
    "with rows of one look": with_sheet(
        '<row r="1" s="1" customFormat="1" ht="15.5"><c r="A1" s="0"><v>1</v></c></row>'
        '<row r="2" s="1" customFormat="1" ht="15.5"><c r="A2" s="0"><v>2</v></c></row><row r="5" hidden="1"/>'
    ),
    "of many columns": with_sheet(
        '<row r="1"><c r="A1"><v>1</v></c><c r="IW1"><v>2</v></c><c r="XFD1"><v>3</v></c></row>'
    ),
    "with all that stands around": with_sheet(
        '<row r="1"><c r="A1"><v>1</v></c></row>', dimension="A1:XFD9", before="<!-- made by hand -->"
    ),
    "with the last row": with_sheet('<row r="1048576"><c r="A1048576"><v>1</v></c></row>'),
}


@pytest.mark.parametrize("data", READ.values(), ids=READ.keys())
def test_a_plain_workbook_is_read_without_openpyxl_as_openpyxl_reads_it(data: bytes) -> None:
    read = quick(data)

    assert read is not None
    assert read == usual(data)
    assert any(read)


def plain(cell: str = "<c><v>1</v></c>") -> str:
    return f"<row>{cell}</row>"


def prefixed() -> bytes:
    xml = re.sub(r"<(/?)([a-zA-Z])", r"<\1x:\2", sheet_xml(plain())[38:]).replace("xmlns=", "xmlns:x=")
    return with_part(xlsx(("x",)), SHEET, xml)


def styled(number_format: str) -> bytes:
    book = openpyxl.Workbook()
    book.worksheets[0]["A1"] = 79120000001
    book.worksheets[0]["A1"].number_format = number_format
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


NOT_SURE = {
    "a prefix": prefixed(),
    "formatted text in a cell": with_sheet(plain('<c t="inlineStr"><is><r><t>a</t></r><r><t>b</t></r></is></c>')),
    "formatted text among the strings": with_strings(
        with_sheet(plain('<c t="s"><v>0</v></c>')), "<si><r><t>a</t></r><r><t>b</t></r></si>"
    ),
    "how a text is said": with_strings(
        with_sheet(plain('<c t="s"><v>0</v></c>')), '<si><t>a</t><rPh sb="0" eb="1"><t>b</t></rPh></si>'
    ),
    "the code of a character": with_strings(
        with_sheet(plain('<c t="s"><v>0</v></c>')), "<si><t>_x005F_x000D_</t></si>"
    ),
    "a character by its number": with_sheet(plain('<c t="str"><v>&#55;</v></c>')),
    "a comment": with_sheet(plain("<c><!-- 2 --><v>1</v></c>")),
    "a comment between rows": with_sheet(f"{plain()}<!-- <row><c><v>2</v></c></row> -->{plain()}"),
    "CDATA": with_sheet(plain('<c t="str"><v><![CDATA[</sheetData>]]></v></c>')),
    "an instruction": with_sheet(f"<?a b?>{plain()}"),
    "another encoding": with_part(xlsx(("x",)), SHEET, sheet_xml(plain()).replace("UTF-8", "UTF-16").encode("utf-16")),
    "a formula": with_sheet(plain("<c><f>1+1</f><v>2</v></c>")),
    "a date": xlsx((date(2026, 1, 1),)),
    "a number that is shown as a date": styled("dd.mm.yyyy"),
    "a time by its number": styled("h:mm"),
    "rows out of order": with_sheet('<row r="2"><c><v>2</v></c></row><row r="1"><c><v>1</v></c></row>'),
    "a row twice": with_sheet('<row r="2"><c><v>2</v></c></row><row r="2"><c><v>1</v></c></row>'),
    "cells out of order": with_sheet('<row r="1"><c r="B1"><v>2</v></c><c r="A1"><v>1</v></c></row>'),
    "a string that is not there": with_strings(with_sheet(plain('<c t="s"><v>7</v></c>')), SHARED),
    "strings that are not there": with_sheet(plain('<c t="s"><v>0</v></c>')),
    "a row beyond every sheet": with_sheet('<row r="1048577"><c><v>2</v></c></row>'),
    "a kind of cell that nobody knows": with_sheet(plain('<c t="x"><v>1</v></c>')),
    "an attribute twice": with_sheet('<row ht="1" ht="2"><c><v>1</v></c></row>'),
    "a prefix without a name": with_sheet('<row x14ac:dyDescent="0.2"><c><v>1</v></c></row>'),
    "something between cells": with_sheet(plain("<c><v>1</v></c> <c><v>2</v></c>")),
    "a control character": with_sheet(plain('<c t="str"><v>\x85a</v></c>')),
    "no rows": with_sheet(""),
    "an end that is missing": with_part(xlsx(("x",)), SHEET, sheet_xml(plain())[:-12]),
    "rows behind the sheet": with_part(
        xlsx(("x",)), SHEET, sheet_xml(plain()).replace("</worksheet>", f"<a>{plain()}</a></worksheet>")
    ),
    "rows that are no rows of a sheet": with_part(
        xlsx(("x",)), SHEET, sheet_xml(plain()).replace("<sheetData>", "<a><sheetData>").replace("</sh", "</a></sh")
    ),
}


@pytest.mark.parametrize("data", NOT_SURE.values(), ids=NOT_SURE.keys())
def test_what_is_not_sure_is_left_to_openpyxl(data: bytes) -> None:
    assert quick(data) is None


@pytest.mark.parametrize("number_format", ["General", "0", "@", "#,##0", "0.00", "00000000000", "0.0##"])
def test_a_number_may_look_like_one_in_any_way(number_format: str) -> None:
    assert quick(styled(number_format)) == [[(79120000001,)]]


def test_sheets_are_read_in_blocks_that_end_anywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    data = READ["with a cell missing here and there"]
    for size in (300, 333, 400, 512):
        monkeypatch.setattr(xml_blocks, "BLOCK_BYTES", size)
        assert quick(data) == usual(data)


def test_a_row_without_an_end_is_not_held_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml_blocks, "BLOCK_BYTES", 1000)
    monkeypatch.setattr(xml_blocks, "LONGEST_ROW", 5000)
    assert quick(with_sheet(plain("<c><v>1</v></c>" * 10_000))) is None


def test_too_many_strings_are_not_held_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    data = with_strings(with_sheet(plain('<c t="s"><v>0</v></c>')), SHARED)
    monkeypatch.setattr(sheet_reader, "MOST_STRINGS", 3)
    assert quick(data) is None
    monkeypatch.setattr(sheet_reader, "MOST_STRINGS", 4)
    monkeypatch.setattr(sheet_reader, "MOST_STRING_CHARACTERS", 20)
    assert quick(data) is None


TEXTS = st.sampled_from(
    (
        "1",
        "79120000001",
        "yes",
        "",
        " ",
        "7.9E+10",
        "a&amp;b",
        "&#49;",
        "&quot;",
        "-0",
        "1e400",
        "007",
        "\t",
        "é",
        "#N/A",
    )
)
KINDS = st.sampled_from(("", ' t="s"', ' t="n"', ' t="str"', ' t="b"', ' t="e"', ' t="inlineStr"', ' t="d"', " t=''"))
PLACES = st.sampled_from(("", ' r="A#"', ' r="B#"', ' r="C1"', ' r="AA#"', ' r="a#"', ' r="A"'))
STYLES = st.sampled_from(("", ' s="0"', ' s="1"', ' s="9"', ' s="x"'))
INSIDE = st.sampled_from(
    (
        "<v>*</v>",
        "<v>*</v>",
        "<is><t>*</t></is>",
        "",
        "<f>1</f><v>*</v>",
        "<v>*</v><v>2</v>",
        "<is><r><t>*</t></r></is>",
        "<v><!--x-->*</v>",
        "<v xml:space='preserve'>*</v>",
        '<is><t xml:space="preserve">*</t></is>',
        " <v>*</v>",
        "<v/>",
    )
)
CELLS = st.builds(
    lambda place, style, kind, inside, text: f"<c{place}{style}{kind}>{inside.replace('*', text)}</c>",
    PLACES,
    STYLES,
    KINDS,
    INSIDE,
    TEXTS,
)
PLAIN_CELLS = st.sampled_from(
    (
        *('<c r="A#"><v>79120000001</v></c>', '<c r="A#" t="str"><v>79120000002</v></c><c r="B#" t="b"><v>0</v></c>'),
        *('<c r="B#" t="s"><v>1</v></c>', '<c r="A#"/>', '<c r="A#" s="1"><v>5</v></c>'),
    )
)
ROWS = st.builds(
    lambda begin, cells, after: begin.replace("*", "".join(cells)) + after,
    st.sampled_from(
        ('<row r="#">*</row>',) * 4
        + ('<row r="#" spans="1:3">*</row>', "<row>*</row>", '<row r="1">*</row>', '<row r="1.0">*</row>', "<row/>")
        + ('<row r="#" foo="1">*</row>', '<row r="#"><extLst/>*</row>', "<x>*</x>", '<row  r="#">*</row>')
    ),
    st.lists(PLAIN_CELLS, min_size=1, max_size=1) | st.lists(CELLS, max_size=3),
    st.sampled_from(("",) * 8 + ("\n", "<!-- -->", "x")),
)


@given(st.lists(ROWS, min_size=1, max_size=6), st.sampled_from(("", "\ufeff", "<!-- <row> -->")))
@settings(max_examples=examples(600), deadline=None)
def test_whatever_is_read_is_what_openpyxl_reads(rows: list[str], before: str) -> None:
    numbered = "".join(row.replace("#", str(place)) for place, row in enumerate(rows, 1))
    data = with_strings(with_sheet(numbered, before=before), SHARED)

    read = quick(data)

    if read is not None:
        try:
            assert read == usual(data)
        except NotATable:
            pytest.fail("read what openpyxl refuses")


@given(st.lists(st.tuples(*[st.none() | st.booleans() | st.integers(-(10**15), 10**15) | st.text(max_size=5)] * 3)))
@settings(max_examples=examples(100), deadline=None)
def test_any_table_of_openpyxl_is_read_as_it_is(rows: list[tuple[object, ...]]) -> None:
    told = [[None if isinstance(cell, str) and not cell.isprintable() else cell for cell in row] for row in rows]
    data = xlsx(*told)

    read = quick(data)

    assert read is None or read == usual(data)


def test_an_archive_of_an_unusual_layout_is_left_to_openpyxl() -> None:
    data = xlsx(("x",))
    parts = unzipped(data)
    kinds = parts["[Content_Types].xml"].decode()
    for name, content in (
        ("[Content_Types].xml", kinds.replace("sheet.main+xml", "template.main+xml").replace("/xl/workbook", "/xl/w")),
        ("xl/workbook.xml", parts["xl/workbook.xml"].replace(b"rId1", b"rId77")),
        ("xl/_rels/workbook.xml.rels", parts["xl/_rels/workbook.xml.rels"].replace(b"sheet1.xml", b"../sheet1.xml")),
        ("xl/_rels/workbook.xml.rels", parts["xl/_rels/workbook.xml.rels"].replace(b'/worksheet"', b'/chartsheet"')),
        ("xl/styles.xml", b"<styles"),
    ):
        assert quick(with_part(data, name, content)) is None
    assert quick(zipped({name: part for name, part in parts.items() if name != "xl/styles.xml"})) is None
