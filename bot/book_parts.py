"""The small parts of a workbook that we write: which sheets there are, and the styles of their cells.

Parts, elements and numbers are those of ECMA-376, Part 1, 18, and Part 2 for what holds them together.
"""

from collections.abc import Iterator, Sequence
from html import escape
from types import MappingProxyType
from typing import Final, NamedTuple

from bot.book_layout import MAIN
from bot.sheets import GENERAL

HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
TEXT: Final = "@"
"""The format of cells that stay text when somebody edits them."""

_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_KIND: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"

# Whoever knows a format by its number shows it as the reader's country writes it, a date above all (18.8.30).
BUILT_IN: Final = MappingProxyType(
    {
        GENERAL: 0,
        "0": 1,
        "0.00": 2,
        "#,##0": 3,
        "#,##0.00": 4,
        "0%": 9,
        "0.00%": 10,
        "0.00E+00": 11,
        '"$"#,##0_);("$"#,##0)': 5,
        '"$"#,##0_);[Red]("$"#,##0)': 6,
        '"$"#,##0.00_);("$"#,##0.00)': 7,
        '"$"#,##0.00_);[Red]("$"#,##0.00)': 8,
        "# ?/?": 12,
        "# ??/??": 13,
        "mm-dd-yy": 14,
        "d-mmm-yy": 15,
        "d-mmm": 16,
        "mmm-yy": 17,
        "h:mm AM/PM": 18,
        "h:mm:ss AM/PM": 19,
        "h:mm": 20,
        "h:mm:ss": 21,
        "m/d/yy h:mm": 22,
        "#,##0_);(#,##0)": 37,
        "#,##0_);[Red](#,##0)": 38,
        "#,##0.00_);(#,##0.00)": 39,
        "#,##0.00_);[Red](#,##0.00)": 40,
        r'_(* #,##0_);_(* \(#,##0\);_(* "-"_);_(@_)': 41,
        r'_("$"* #,##0_);_("$"* \(#,##0\);_("$"* "-"_);_(@_)': 42,
        r'_(* #,##0.00_);_(* \(#,##0.00\);_(* "-"??_);_(@_)': 43,
        r'_("$"* #,##0.00_)_("$"* \(#,##0.00\)_("$"* "-"??_)_(@_)': 44,
        "mm:ss": 45,
        "[h]:mm:ss": 46,
        "mmss.0": 47,
        "##0.0E+0": 48,
        TEXT: 49,
    }
)
_FIRST_OWN: Final = 164


class Style(NamedTuple):
    """How a cell is shown."""

    number_format: str = GENERAL
    is_bold: bool = False


class Written(NamedTuple):
    """A sheet as the workbook lists it."""

    title: str
    is_hidden: bool
    filtered: str | None
    """The cells under its filter, ``$A$1:$E$4``."""


def parts(sheets: Sequence[Written], styles: Sequence[Style]) -> Iterator[tuple[str, str]]:
    """Give every part but the sheets and the strings, by name. Nothing in them says who made them, or when."""
    yield "xl/styles.xml", _styles(styles)
    yield "xl/workbook.xml", _workbook(sheets)
    yield "xl/_rels/workbook.xml.rels", _relations(sheets)
    root = f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
    yield "_rels/.rels", f'{HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{root}</Relationships>'
    yield "[Content_Types].xml", _types(sheets)


def path_of(place: int) -> str:
    """Name the part of a sheet, counted from 0."""
    return f"xl/worksheets/sheet{place + 1}.xml"


def _types(sheets: Sequence[Written]) -> str:
    named = [("xl/workbook.xml", "sheet.main"), ("xl/styles.xml", "styles"), ("xl/sharedStrings.xml", "sharedStrings")]
    named += [(path_of(place), "worksheet") for place in range(len(sheets))]
    return (
        f'{HEAD}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        + "".join(f'<Override PartName="/{name}" ContentType="{_KIND}.{kind}+xml"/>' for name, kind in named)
        + "</Types>"
    )


def _relations(sheets: Sequence[Written]) -> str:
    named = [("worksheet", path_of(place).removeprefix("xl/")) for place in range(len(sheets))]
    named += [("styles", "styles.xml"), ("sharedStrings", "sharedStrings.xml")]
    relations = "".join(
        f'<Relationship Id="rId{place}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for place, (kind, target) in enumerate(named, 1)
    )
    return f'{HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{relations}</Relationships>'


def _workbook(sheets: Sequence[Written]) -> str:
    hidden = {True: ' state="hidden"', False: ""}
    listed = "".join(
        f'<sheet name="{escape(sheet.title)}" sheetId="{place}"{hidden[sheet.is_hidden]} r:id="rId{place}"/>'
        for place, sheet in enumerate(sheets, 1)
    )
    filters = "".join(
        f'<definedName name="_xlnm._FilterDatabase" localSheetId="{place}" hidden="1">'
        f"{escape(_quoted(sheet.title), quote=False)}!{sheet.filtered}</definedName>"
        for place, sheet in enumerate(sheets)
        if sheet.filtered
    )
    names = f"<definedNames>{filters}</definedNames>" if filters else ""
    return (
        f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{_OFFICE}"><bookViews><workbookView/></bookViews>'
        f"<sheets>{listed}</sheets>{names}</workbook>"
    )


def _quoted(title: str) -> str:
    doubled = title.replace("'", "''")
    return f"'{doubled}'"


def _styles(styles: Sequence[Style]) -> str:
    own = sorted({style.number_format for style in styles} - BUILT_IN.keys())
    numbers = {**BUILT_IN, **{code: _FIRST_OWN + place for place, code in enumerate(own)}}
    formats = "".join(f'<numFmt numFmtId="{numbers[code]}" formatCode="{escape(code)}"/>' for code in own)
    font = '<font>{}<sz val="11"/><name val="Calibri"/><family val="2"/></font>'
    cells = "".join(
        f'<xf numFmtId="{numbers[style.number_format]}" fontId="{int(style.is_bold)}" fillId="0" borderId="0" xfId="0"'
        f'{_QUOTED if style.number_format == TEXT else ""} applyNumberFormat="1" applyFont="{style.is_bold:d}"/>'
        for style in styles
    )
    return (
        f'{HEAD}<styleSheet xmlns="{MAIN}">'
        + (f'<numFmts count="{len(own)}">{formats}</numFmts>' if own else "")
        + f'<fonts count="2">{font.format("")}{font.format("<b/>")}</fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills>'
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        f'<cellXfs count="{len(styles)}">{cells}</cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    )


_QUOTED: Final = ' quotePrefix="1"'
"""Texts stand as if typed behind an apostrophe: edited they become no formula either."""
