"""Tables as people really send them: fifty shapes of exports, each with what a spreadsheet shows of it."""

import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time
from typing import Any

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

PHONES = ("+7 912 345-67-80", "+7 (912) 345-67-81", "8 912 345 67 82", "79123456783", "+7 701 123-45-67")
PEOPLE = ("Иванов Иван", "Петрова Анна", "Сидоров Пётр", "Ким Виктор", "Ахметов Данияр")


@dataclass(frozen=True)
class Shape:
    """A file, the rows that a spreadsheet shows of its main sheet, and the column that it is about."""

    ending: str
    data: bytes
    rows: list[list[Any]]
    column: int
    """Counted from 0."""
    numbers: int
    """How many distinct numbers are in that column, read in Russia."""
    sheet: int = 0
    head: int | None = 0
    others: list[list[list[Any]]] = field(default_factory=list)
    """The rows of the other sheets."""
    near: bool = False
    """Two columns are equally good: the one meant is at least the second."""


def moment(year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - a spreadsheet knows no time zones


SHAPES: dict[str, Callable[[], Shape]] = {}


def shape(build: Callable[[], Shape]) -> Callable[[], Shape]:
    SHAPES[build.__name__] = build
    return build


def people(*more: Sequence[Any], phone: int = 1) -> list[list[Any]]:
    """A row for each person: the name, the phone, and what else is known of them."""
    rows: list[list[Any]] = [[name, *(column[at] for column in more)] for at, name in enumerate(PEOPLE)]
    for row, number in zip(rows, PHONES, strict=True):
        row.insert(phone, number)
    return rows


def text(
    rows: list[list[Any]],
    *,
    column: int = 1,
    mark: str = ",",
    encoding: str = "utf-8",
    numbers: int = 5,
    line_end: str = "\r\n",
    **more: Any,
) -> Shape:
    """A text whose cells are written as Excel does it."""
    before = more.pop("before", "")

    def cell(value: str) -> str:
        quoted = any(sign in value for sign in (mark, '"', "\n"))
        return '"' + value.replace('"', '""') + '"' if quoted else value

    lines = (mark.join(cell("" if value is None else str(value)) for value in row) for row in rows)
    said = before + line_end.join(lines) + line_end
    ending = more.pop("ending", ".csv")
    return Shape(ending, said.encode(encoding), rows, column, numbers, **more)


def book(
    rows: list[list[Any]],
    *,
    column: int = 1,
    numbers: int = 5,
    touch: Callable[[Worksheet], None] = lambda _: None,
    more: Sequence[tuple[str, list[list[Any]]]] = (),
    first: str = "Лист1",
    **told: Any,
) -> Shape:
    """A workbook; ``touch`` does to its main sheet what rows cannot say."""
    made = Workbook()
    main = made.active
    assert isinstance(main, Worksheet)
    main.title = first
    for row in rows:
        main.append(row)
    touch(main)
    for title, other in more:
        sheet = made.create_sheet(title)
        for row in other:
            sheet.append(row)
    if (at := told.get("sheet", 0)) != 0:
        made.move_sheet(main, at)
    stream = io.BytesIO()
    made.save(stream)
    return Shape(".xlsx", stream.getvalue(), rows, column, numbers, others=[other for _, other in more], **told)


HEADS = ["ФИО", "Телефон", "Город"]
CITIES = ("Москва", "Пермь", "Уфа", "Омск", "Алматы")
SUMS = ("1 200,50", "300,00", "15,10", "7 000,00", "12,00")


@shape
def comma_csv() -> Shape:
    return text([["Name", "Phone", "City"], *people(CITIES)])


@shape
def semicolon_csv_in_cp1251() -> Shape:
    return text([HEADS, *people(CITIES)], mark=";", encoding="cp1251")


@shape
def semicolon_csv_with_decimal_commas() -> Shape:
    return text([["ФИО", "Телефон", "Сумма"], *people(SUMS)], mark=";", encoding="cp1251")


@shape
def csv_with_a_byte_order_mark() -> Shape:
    return text([HEADS, *people(CITIES)], mark=";", encoding="utf-8-sig")


@shape
def unicode_text_of_excel() -> Shape:
    return text([HEADS, *people(CITIES)], mark="\t", encoding="utf-16", ending=".tsv")


@shape
def tabs_named_csv() -> Shape:
    return text([HEADS, *people(CITIES)], mark="\t", encoding="utf-16")


@shape
def text_named_xls() -> Shape:
    return text([HEADS, *people(CITIES)], mark="\t", encoding="cp1251", ending=".xls")


@shape
def bars_between_the_cells() -> Shape:
    return text([["id", "msisdn", "segment"], *people(CITIES)], mark="|", line_end="\n")


@shape
def a_first_line_that_names_the_delimiter() -> Shape:
    return text([HEADS, *people(CITIES)], mark=";", before="sep=;\r\n")


@shape
def quoted_fields_with_newlines() -> Shape:
    notes = ("звонил\nв среду", 'сказал "да"', "адрес: ул. Ленина, 5", "", "a;b")
    return text([["ФИО", "Телефон", "Комментарий"], *people(notes)])


@shape
def one_column_without_a_head() -> Shape:
    return text([[phone] for phone in PHONES], column=0, head=None)


@shape
def one_column_with_a_head() -> Shape:
    return text([["Телефон"], *([phone] for phone in PHONES)], column=0)


@shape
def no_head_at_all() -> Shape:
    return text(people(CITIES), head=None, mark=";")


@shape
def one_row_only() -> Shape:
    return text([["Иванов", "+79123456780", "Москва"]], head=None, numbers=1, mark=";")


@shape
def head_and_one_row() -> Shape:
    return text([HEADS, ["Иванов", "+79123456780", "Москва"]], numbers=1, mark=";")


@shape
def two_number_columns() -> Shape:
    more = ("+7 495 123-45-67", "", "", "+7 495 123-45-68", "")
    return text([["ФИО", "Мобильный", "Город", "Рабочий телефон"], *people(CITIES, more)], mark=";")


@shape
def numbers_in_the_first_and_the_second_of_two_equals() -> Shape:
    more = tuple(f"+7 916 000-00-0{at}" for at in range(5))
    return text([["ФИО", "Телефон 1", "Телефон 2"], *people(more)], mark=";", near=True)


@shape
def bank_export_with_lines_above_the_heads() -> Shape:
    above = [["Выписка по клиентам"], ["Период: 01.11.2026 – 30.11.2026"], ["Тел. банка: 8 800 555-35-35"], []]
    table = [["Счёт", "Телефон", "ФИО", "Остаток"]]
    table += [[f"4081781009991000{at}123", PHONES[at], PEOPLE[at], SUMS[at]] for at in range(5)]
    return text([*above, *table, ["Итого", "", "", "8 527,60"]], mark=";", encoding="cp1251", head=4)


@shape
def totals_below() -> Shape:
    return text([HEADS, *people(CITIES), ["Всего: 5", "5", ""]], mark=";")


@shape
def empty_rows_in_between() -> Shape:
    rows = people(CITIES)
    return text([HEADS, rows[0], [], rows[1], [], [], *rows[2:]], mark=";")


@shape
def empty_columns() -> Shape:
    rows = [["", "ФИО", "", "Телефон", "", ""], *([None, row[0], None, row[1], None, None] for row in people())]
    return text(rows, column=3, mark=";")


@shape
def repeated_heads_on_every_page() -> Shape:
    rows = people(CITIES)
    return text([HEADS, *rows[:2], HEADS, *rows[2:]], mark=";")


@shape
def repeated_names_of_columns() -> Shape:
    return text([["Имя", "Контакт", "Контакт"], *people([f"a{at}@example.com" for at in range(5)])], mark=";")


@shape
def several_numbers_in_a_cell() -> Shape:
    rows = people(CITIES)
    rows[1][1] = "+7 912 345-67-81, +7 912 345-67-90"
    rows[2][1] = "8 912 345 67 82 (жена: +79123456791)"
    return text([HEADS, *rows], mark=";", numbers=7)


@shape
def the_same_number_in_several_rows() -> Shape:
    rows = people(CITIES)
    rows[3][1] = "8 (912) 345-67-80"
    return text([HEADS, *rows], mark=";", numbers=4)


@shape
def inn_and_iban_beside_phones() -> Shape:
    inns = [f"77070838{at}3" for at in range(5)]
    ibans = [f"DE8937040044053201300{at}" for at in range(5)]
    return text([["Клиент", "Телефон", "ИНН", "IBAN"], *people(inns, ibans)], mark=";")


@shape
def order_numbers_that_count_up() -> Shape:
    rows = [[str(9123000001 + at), name, PHONES[at]] for at, name in enumerate(PEOPLE)]
    return text([["Номер заказа", "Покупатель", "Контакты"], *rows], column=2, mark=";")


@shape
def cards_of_sixteen_digits() -> Shape:
    return text([["Карта", "Телефон"], *([f"427600001111222{at}", PHONES[at]] for at in range(5))], mark=";")


@shape
def code_and_number_in_columns_of_their_own() -> Shape:
    rows = [[PEOPLE[at], "+7", f"912 345-67-8{at}"] for at in range(5)]
    return text([["ФИО", "Код", "Телефон"], *rows], column=2, mark=";")


@shape
def names_with_stray_quotes() -> Shape:
    rows = people(['ООО "Ромашка"', 'труба 5" стальная', "ИП", "", 'АО "Заря"'])
    said = "\n".join(";".join(str(cell) for cell in row) for row in [HEADS, *rows])
    return Shape(".csv", said.encode(), [HEADS, *rows], 1, 5)


@shape
def a_quote_that_nothing_closes() -> Shape:
    rows = people(CITIES)
    rows[2][0] = '"Сидоров'
    said = "\n".join(";".join(str(cell) for cell in row) for row in [HEADS, *rows])
    return Shape(".csv", (said + "\n").encode(), [HEADS, *rows], 1, 5)


@shape
def old_line_ends_of_the_mac() -> Shape:
    return text([HEADS, *people(CITIES)], mark=";", line_end="\r")


@shape
def crm_export_with_forty_columns() -> Shape:
    heads = [f"UF_{at}" for at in range(38)]
    heads[20:20] = ["Ответственный", "Рабочий телефон контакта"]
    rows = [["x"] * 20 + [PEOPLE[at], PHONES[at]] + ["", "Y"] * 9 for at in range(5)]
    return text([heads, *rows], column=21, mark=";", encoding="utf-8-sig")


@shape
def google_contacts() -> Shape:
    heads = ["First Name", "Last Name", "Labels", "E-mail 1 - Value", "Phone 1 - Label", "Phone 1 - Value"]
    rows = [["Anna", "K.", "* myContacts", "", "Mobile", phone] for phone in PHONES]
    return text([heads, *rows], column=5)


@shape
def numbers_damaged_by_a_spreadsheet() -> Shape:
    rows = people(CITIES)
    rows[0][1], rows[1][1] = "7,91235E+10", "###########"
    return text([HEADS, *rows], mark=";", numbers=3)


@shape
def numbers_as_text_of_floats() -> Shape:
    rows = [[name, f"7912345678{at}.0", "x"] for at, name in enumerate(PEOPLE)]
    return text([["name", "phone", "x"], *rows])


@shape
def plain_workbook() -> Shape:
    return book([HEADS, *people(CITIES)])


@shape
def numbers_as_floats() -> Shape:
    return book([HEADS, *([name, 79123456780.0 + at, CITIES[at]] for at, name in enumerate(PEOPLE))])


@shape
def numbers_as_whole_numbers() -> Shape:
    return book([HEADS, *([name, 9123456780 + at, CITIES[at]] for at, name in enumerate(PEOPLE))])


@shape
def merged_heads_in_two_rows() -> Shape:
    rows: list[list[Any]] = [["Клиент", "Контакты", None, "Итоги"], [None, "Телефон", "Почта", "Сумма"]]
    rows += [[PEOPLE[at], PHONES[at], f"a{at}@example.com", 100.5 + at] for at in range(5)]
    return book(rows, head=1, touch=lambda sheet: sheet.merge_cells("B1:C1"))


@shape
def dates_times_and_shares() -> Shape:
    rows = [
        [
            name,
            PHONES[at],
            moment(2024, 1, 5 + at),
            moment(2024, 2, 3, 12, 30, at),
            time(9, at),
            0.25 * at,
            bool(at % 2),
        ]
        for at, name in enumerate(PEOPLE)
    ]

    def touch(sheet: Worksheet) -> None:
        for at in range(2, 7):
            sheet[f"F{at}"].number_format = "0%"
            sheet[f"C{at}"].number_format = "DD.MM.YYYY"

    return book([["ФИО", "Телефон", "Рождение", "Заявка", "Звонить в", "Скидка", "VIP"], *rows], touch=touch)


@shape
def formulas_that_were_computed() -> Shape:
    shown = book([["ФИО", "Телефон", "Сумма"], *people([10, 20, 30, 40, 50])])
    return replace_in_sheet(shown, b"<v>30</v>", b"<f>SUM(C2:C3)</f><v>30</v>")


@shape
def formulas_that_nobody_has_computed() -> Shape:
    return book([["ФИО", "Телефон", "Сумма"], *people([10, 20, "=SUM(C2:C3)", 40, 50])])


@shape
def errors_in_cells() -> Shape:
    return book([["ФИО", "Телефон", "Долг"], *people([10, "#N/A", "#DIV/0!", 40, 50])])


@shape
def several_sheets_the_numbers_on_the_second() -> Shape:
    about: list[list[Any]] = [["Отчёт"], ["Сделан", "2026-11-01"], ["Строк", 5]]
    return book([HEADS, *people(CITIES)], more=[("О файле", about)], sheet=1, first="Клиенты")


@shape
def sheets_that_are_called_as_ours() -> Shape:
    return book(
        [HEADS, *people(CITIES)],
        more=[("Summary", [["a", 1]]), ("result (2)", [["b", 2.5]]), ("Rejected", [["c", None, True]])],
        first="Result",
    )


@shape
def hidden_columns_rows_and_sheets() -> Shape:
    def touch(sheet: Worksheet) -> None:
        sheet.column_dimensions["C"].hidden = True
        sheet.row_dimensions[3].hidden = True

    return book([HEADS, *people(CITIES)], touch=touch, more=[("скрытый", [["+79990000000"]])])


@shape
def leading_zeros_and_what_looks_like_formulas() -> Shape:
    return book(
        [["Код клиента", "Телефон", "Тег"], *([f"000{at}", PHONES[at], "+-@'"[at % 4] + "x"] for at in range(5))]
    )


@shape
def cells_far_away_and_gaps() -> Shape:
    def touch(sheet: Worksheet) -> None:
        sheet["Z40"] = "далеко"

    rows: list[list[Any]] = [HEADS, *people(CITIES)]
    made = book(rows, touch=touch)
    return Shape(".xlsx", made.data, [*rows, *([] for _ in range(33)), [None] * 25 + ["далеко"]], 1, 5)


@shape
def contacts_of_a_phone() -> Shape:
    cards = [
        f"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:{PEOPLE[at]}\r\nTEL;TYPE=CELL:{PHONES[at]}\r\nEND:VCARD\r\n"
        for at in range(5)
    ]
    cards.append("BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Без номера\r\nEND:VCARD\r\n")
    return Shape(".vcf", "".join(cards).encode(), [["Name", "Phone"], *people(), ["Без номера"]], 1, 5)


@shape
def old_contacts_in_quoted_printable() -> Shape:
    def quoted(name: str) -> str:
        return "".join(f"={byte:02X}" for byte in name.encode())

    cards = (
        f"BEGIN:VCARD\nVERSION:2.1\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:;{quoted(name[:4])}=\n{quoted(name[4:])};;;\n"
        f"TEL;CELL:{PHONES[at]}\nEND:VCARD\n"
        for at, name in enumerate(PEOPLE)
    )
    return Shape("", "".join(cards).encode(), [["Name", "Phone"], *people()], 1, 5)


def replace_in_sheet(shown: Shape, old: bytes, new: bytes) -> Shape:
    """Change the XML of a workbook's first sheet."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(shown.data)) as archive, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name in archive.namelist():
            content = archive.read(name)
            made.writestr(name, content.replace(old, new) if name == "xl/worksheets/sheet1.xml" else content)
    return replace(shown, data=stream.getvalue())
