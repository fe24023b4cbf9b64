import time

import phonenumbers
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import bot.numbers as numbers_file
from bot.numbers import NumberList, Problem, Reason, pack, read_numbers, unpack

ANN, BOB, EVE = "+79123456789", "+79051234567", "+12025550143"
MOBILE = "+79123456789"


def e164(numbers: NumberList) -> list[str]:
    return [number.e164 for number in numbers.valid]


def reasons(numbers: NumberList) -> list[tuple[int, Reason, str | None]]:
    return [(piece.line, piece.reason, piece.region) for piece in numbers.rejected]


FORMS = {
    "plain": "+79123456789",
    "spaces": "+7 912 345 67 89",
    "brackets and dashes": "+7 (912) 345-67-89",
    "dots": "+7.912.345.67.89",
    "two plus signs": "++79123456789",
    "plus apart": "+ 7 912 345 67 89",
    "plus in brackets": "(+7) 912 345-67-89",
    "00": "0079123456789",
    "00 with spaces": "00 7 912 345-67-89",
    "no plus": "79123456789",
    "no plus, spaces": "7 912 345 67 89",
    "no plus, code apart": "7 9123456789",
    "no plus, brackets": "7 (912) 345-67-89",
    "no plus, dashes": "7-912-345-67-89",
    "no plus, dots": "7.912.345.67.89",
    "no-break spaces": "+7\u00a0912\u202f345\u2009679",
    "non-breaking hyphens": "+7\u2011912\u2011345\u201167\u201189",
    "long dashes": "+7 912 345–67—89",
    "minus signs": "+7 912 345\u221267\u221289",
    "full width": "＋７（９１２）３４５－６７－８９",
    "full-width digits": "７９１２３４５６７８９",
    "Arabic-Indic": "+٧٩١٢٣٤٥٦٧٨٩",
    "Persian": "+۷۹۱۲۳۴۵۶۷۸۹",
    "Devanagari": "+७९१२३४५६७८९",
    "mathematical": "𝟕𝟗𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗",
    "keycaps": "7️⃣9️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣8️⃣9️⃣",
    "zero-width": "+7\u200b912\u200d345\u2060\ufeff6789",
    "soft hyphens": "+7\u00ad912\u00ad3456789",
    "direction marks": "\u202a+79123456789\u202c",
    "isolates": "\u2066+7 912 345-67-89\u2069",
    "tel": "tel:+7-912-345-67-89",
    "tel with extension": "tel:+7-912-345-67-89;ext=5",
    "tel with words": "tel: 79123456789",
    "t.me": "t.me/+79123456789",
    "https t.me": "https://t.me/+79123456789",
    "t.me with text": "https://t.me/+79123456789?text=hi+12345678",
    "wa.me": "wa.me/79123456789",
    "https wa.me": "https://wa.me/79123456789",
    "whatsapp": "https://api.whatsapp.com/send?phone=79123456789",
    "tg": "tg://resolve?phone=79123456789",
    "apostrophe": "'79123456789",
    "quotes": '"79123456789"',
    "formula": '="79123456789"',
    "float": "79123456789.0",
    "float with comma": "79123456789,0",
    "float with two zeros": "79123456789.00",
    "exact exponent": "7.9123456789E10",
    "exact exponent, comma": "7,9123456789E+10",
    "extension": "+7 912 345-67-89 ext. 5",
    "extension in Russian": "+7 912 345-67-89 доб. 123",
    "extension x": "+79123456789x5",
    "counted with a dot": "1. +79123456789",
    "counted with a bracket": "12) +79123456789",
    "counted, no space": "12)79123456789",
    "counted with a tab": "1\t79123456789",
    "name after": "+79123456789 (Ann)",
    "name before": "Ann: +79123456789",
    "glued to a word": "тел79123456789",
    "abbreviated": "тел.79123456789",
    "dash": "Ann — +7 912 345-67-89",
    "bullet": "• +79123456789",
    "markdown": "- **+79123456789**",
    "angle brackets": "Ann <+79123456789>",
    "number sign": "№1 79123456789",
    "sum after": "+79123456789 2",
}
FORMS["no-break spaces"] = "+7\u00a0912\u202f345\u200967\u00a089"


@pytest.mark.parametrize("text", FORMS.values(), ids=FORMS)
def test_every_usual_form_is_one_number(text: str) -> None:
    numbers = read_numbers(text)
    assert e164(numbers) == [ANN]
    assert numbers.rejected == ()


NATIONAL_FORMS = [
    ("RU", "89123456789", ANN),
    ("RU", "8 912 345-67-89", ANN),
    ("RU", "8 (912) 345 67 89", ANN),
    ("RU", "(912) 345 67 89", ANN),
    ("RU", "9123456789", ANN),
    ("RU", "912 345 67 89", ANN),
    ("RU", "8 9123456789", ANN),
    ("RU", "79123456789", ANN),
    ("RU", "8 (495) 123-45-67", "+74951234567"),
    ("RU", "4951234567", "+74951234567"),
    ("RU", "810491711234567", "+491711234567"),
    ("RU", "380501234567", "+380501234567"),
    ("ru", "9123456789", ANN),
    ("US", "(202) 555-0143", EVE),
    ("US", "202-555-0143", EVE),
    ("US", "1 202 555 0143", EVE),
    ("US", "011 44 20 7946 0018", "+442079460018"),
    ("AU", "0011 44 20 7946 0018", "+442079460018"),
    ("GB", "020 7946 0018", "+442079460018"),
    ("GB", "+44 (0)20 7946 0018", "+442079460018"),
    ("GB", "7911123456", "+447911123456"),
    ("DE", "0171/1234567", "+491711234567"),
    ("DE", "491711234567", "+491711234567"),
    ("IT", "06 12345678", "+390612345678"),
    ("NO", "4791234567", "+4791234567"),
    ("UA", "050 123 45 67", "+380501234567"),
    ("KZ", "8 701 234 56 78", "+77012345678"),
    ("BR", "(11) 96123-4567", "+5511961234567"),
    ("FR", "06 12 34 56 78", "+33612345678"),
]


@pytest.mark.parametrize(("region", "text", "number"), NATIONAL_FORMS)
def test_with_a_region_national_forms_are_read_in_it(region: str, text: str, number: str) -> None:
    numbers = read_numbers(text, region=region)
    assert e164(numbers) == [number]
    assert numbers.rejected == ()


def test_an_unknown_region_is_none() -> None:
    assert read_numbers("9123456789", region="XX").without_country == 1
    assert read_numbers("9123456789", region="").without_country == 1


SEVERAL = {
    "comma": "+79123456789,+79051234567",
    "comma and space": "+7 (912) 345-67-89, +7 (905) 123-45-67",
    "semicolon": "79123456789;79051234567",
    "tab": "79123456789\t79051234567",
    "space": "79123456789 79051234567",
    "spaces inside too": "+7 912 345 67 89 +7 905 123 45 67",
    "spaces inside, no plus": "7 912 345 67 89 7 905 123 45 67",
    "slash": "+79123456789 / +79051234567",
    "slash, no spaces": "79123456789/79051234567",
    "bar": "79123456789 | 79051234567",
    "no separator but the plus": "+79123456789+79051234567",
    "words": "call Ann +7 912 345-67-89 or +7 905 123 45 67",
    "marked and bare": "+79123456789, 79051234567",
    "LF": "+79123456789\n+79051234567\n",
    "CRLF": "+79123456789\r\n+79051234567\r\n",
    "CR": "+79123456789\r+79051234567\r",
    "blank lines": "\n\n+79123456789\n \n\t\n+79051234567\n;;;\n",
    "double spaces": "+7  912  345  67  89\n+7  905  123  45  67",
}


@pytest.mark.parametrize("text", SEVERAL.values(), ids=SEVERAL)
def test_every_usual_separator_parts_two_numbers(text: str) -> None:
    numbers = read_numbers(text)
    assert e164(numbers) == [ANN, BOB]
    assert numbers.rejected == ()


REJECTED = {
    "heading": ("Phone", None, Reason.NOT_A_NUMBER, None),
    "Russian heading": ("Телефон", None, Reason.NOT_A_NUMBER, None),
    "word": ("hello", None, Reason.NOT_A_NUMBER, None),
    "signs": ("-----", None, Reason.NOT_A_NUMBER, None),
    "vanity": ("1-800-FLOWERS", None, Reason.NOT_A_NUMBER, None),
    "letter O": ("+7 912 345 67 8O", None, Reason.NOT_A_NUMBER, None),
    "invite link": ("https://t.me/+AbCdEf1234567890", None, Reason.NOT_A_NUMBER, None),
    "invite of digits and letters": ("t.me/+79123456789ab", None, Reason.NOT_A_NUMBER, None),
    "link": ("https://example.com/79123456789", None, Reason.NOT_A_NUMBER, None),
    "e-mail": ("79123456789@example.com", None, Reason.NOT_A_NUMBER, None),
    "date": ("12.05.2024", None, Reason.NOT_A_NUMBER, None),
    "other date": ("2024-05-12", None, Reason.NOT_A_NUMBER, None),
    "price": ("1 250 000.00", None, Reason.NOT_A_NUMBER, None),
    "money": ("$12345678", None, Reason.NOT_A_NUMBER, None),
    "address": ("server 192.168.10.11", None, Reason.NOT_A_NUMBER, None),
    "article": ("AB79123456789", None, Reason.NOT_A_NUMBER, None),
    "few digits": ("123", None, Reason.TOO_SHORT, None),
    "short": ("12345", None, Reason.TOO_SHORT, None),
    "short with a plus": ("+7 912 34", None, Reason.TOO_SHORT, "RU"),
    "short at home": ("8 912 34", "RU", Reason.TOO_SHORT, "RU"),
    "long with a plus": ("+7 912 345 67 89 01", None, Reason.TOO_LONG, "RU"),
    "very long": ("4" * 40, None, Reason.TOO_LONG, None),
    "card": ("4276 1234 5678 9012", None, Reason.TOO_LONG, None),
    "no such code": ("+8 912 345-67-89", None, Reason.NO_SUCH_COUNTRY_CODE, None),
    "zeros": ("00000000000", None, Reason.NO_SUCH_COUNTRY_CODE, None),
    "not of that country": ("+7 012 345-67-89", None, Reason.NOT_VALID_IN_COUNTRY, "RU"),
    "not of this country": ("1112223344", "RU", Reason.NOT_VALID_IN_COUNTRY, "RU"),
    "national prefix": ("8 912 345-67-89", None, Reason.NEEDS_COUNTRY, None),
    "national prefix, bare": ("89123456789", None, Reason.NEEDS_COUNTRY, None),
    "national, brackets": ("8 (495) 123-45-67", None, Reason.NEEDS_COUNTRY, None),
    "area in brackets": ("(495) 123-45-67", None, Reason.NEEDS_COUNTRY, None),
    "ten digits": ("4951234567", None, Reason.NEEDS_COUNTRY, None),
    "leading zero": ("0171 1234567", None, Reason.NEEDS_COUNTRY, None),
    "lost zero of two, perhaps": ("0491711234567", None, Reason.NEEDS_COUNTRY, None),
    "exponent": ("4.41E+11", None, Reason.DAMAGED, None),
    "exponent, comma": ("4,41E+11", None, Reason.DAMAGED, None),
    "exponent, one digit missing": ("7.912345678E+10", None, Reason.DAMAGED, None),
    "exponent, small letter": ("7.9e10", None, Reason.DAMAGED, None),
    "exponent, Cyrillic letter": ("7,9Е+10", None, Reason.DAMAGED, None),
    "hash signs": ("########", None, Reason.DAMAGED, None),
    "lost zero": ("+39612345678", None, Reason.DAMAGED, "IT"),
    "lost zero at home": ("612345678", "IT", Reason.DAMAGED, "IT"),
    "lost zero of two": ("0491711234567", "RU", Reason.DAMAGED, None),
}


@pytest.mark.parametrize(("text", "region", "reason", "country"), REJECTED.values(), ids=REJECTED)
def test_what_is_rejected_is_one_line_with_its_reason(
    text: str, region: str | None, reason: Reason, country: str | None
) -> None:
    numbers = read_numbers(text, region=region)
    assert numbers.valid == ()
    assert reasons(numbers) == [(1, reason, country)]
    assert numbers.rejected[0].text == text


BESIDE_A_PHONE = [
    "+79123456789;7707083893",
    "+79123456789;7707083893;12.05.2024",
    "Ann;+7 912 345-67-89;ИНН 7707083893;заказ 12345678901",
    "заказ 4951234567, тел. +7 (912) 345-67-89",
    "order 79051234567 phone +79123456789",
    "12.05.2024 10:30 +79123456789 1500.00",
    "10.0.0.1 - +79123456789",
    "1 250 000 руб, +79123456789",
    "Ann;79123456789;1042",
    "1;79123456789;500",
    "AB1234567 +79123456789",
    "ann1234567@example.com +79123456789",
    "https://example.com/1234567 79123456789",
]


@pytest.mark.parametrize("text", BESIDE_A_PHONE)
def test_other_digits_beside_a_phone_are_not_mentioned(text: str) -> None:
    numbers = read_numbers(text)
    assert e164(numbers) == [ANN]
    assert numbers.rejected == ()


@pytest.mark.parametrize(
    "text", ["заказ 4951234567, тел. 8 912 345-67-89", "(912) 345-67-89 order 4951234567", "89123456789 4951234567"]
)
def test_a_national_prefix_or_brackets_mark_a_phone_too(text: str) -> None:
    assert e164(read_numbers(text, region="RU")) == [ANN]
    assert read_numbers(text).without_country == 1


def test_a_prefixed_number_does_not_hide_a_bare_one_of_the_same_form() -> None:
    numbers = read_numbers("89123456789, 79051234567")
    assert (e164(numbers), numbers.without_country) == ([BOB], 1)
    assert e164(read_numbers("89123456789, 79051234567", region="RU")) == [ANN, BOB]


@pytest.mark.parametrize("text", ["8 912 345-67-89, 905 123-45-67", "Ann 8 912 345-67-89, Bob 905 123-45-67"])
def test_groups_of_digits_beside_a_marked_phone_are_a_phone(text: str) -> None:
    assert e164(read_numbers(text, region="RU")) == [ANN, BOB]


def test_a_prefixed_number_that_is_also_vietnamese_is_not_lost_beside_a_marked_one() -> None:
    assert read_numbers("+79123456789, 84951234567").without_country == 1


def test_a_damaged_number_beside_a_good_one_is_mentioned() -> None:
    numbers = read_numbers("Ann;79123456789;7.91E+10")
    assert e164(numbers) == [ANN]
    assert reasons(numbers) == [(1, Reason.DAMAGED, None)]


def test_a_bad_number_in_a_list_of_numbers_is_mentioned() -> None:
    numbers = read_numbers("79123456789, 79051234, +7999")
    assert e164(numbers) == [ANN]
    numbers = read_numbers("+79123456789, +7905123")
    assert reasons(numbers) == [(1, Reason.TOO_SHORT, "RU")]


def test_the_two_numbers_of_the_sentence() -> None:
    text = "call Ann +7 912 345-67-89 or 8 (495) 123-45-67"
    assert e164(read_numbers(text, region="RU")) == [ANN, "+74951234567"]
    numbers = read_numbers(text)
    assert e164(numbers) == [ANN]
    assert [piece.text for piece in numbers.rejected] == ["8 (495) 123-45-67"]


def test_repeated_numbers_are_counted_whatever_their_form() -> None:
    numbers = read_numbers("8 912 345-67-89\n+79123456789\n79123456789, 912 345 67 89\n" + BOB, region="RU")
    assert e164(numbers) == [ANN, BOB]
    assert numbers.repeated == 3


def test_the_first_appearance_keeps_its_place_its_line_and_its_text() -> None:
    numbers = read_numbers("Phone\n\nBob: +7 (905) 123-45-67!\r\n+79123456789\n+79051234567")
    assert [(n.e164, n.line, n.as_sent, n.region) for n in numbers.valid] == [
        (BOB, 3, "+7 (905) 123-45-67", "RU"),
        (ANN, 4, "+79123456789", "RU"),
    ]


def test_the_text_as_sent_keeps_its_own_characters() -> None:
    numbers = read_numbers("Анна \u200e+٧\u200b٩١٢\u00a0٣٤٥٦٧٨٩ Борис")
    assert numbers.valid[0].as_sent == "+٧\u200b٩١٢\u00a0٣٤٥٦٧٨٩"


def test_line_numbers_run_on_through_the_messages_of_a_list() -> None:
    numbers = read_numbers("+79123456789\nhello", b"\n+79051234567", "bye")
    assert [number.line for number in numbers.valid] == [1, 4]
    assert [piece.line for piece in numbers.rejected] == [2, 5]


def test_a_rejected_line_is_cut() -> None:
    assert read_numbers("x" * 1000).rejected[0].text == "x" * 200


def test_countries_are_counted_most_first() -> None:
    numbers = read_numbers(f"{EVE}\n{ANN}\n{BOB}\n+77012345678")
    assert numbers.countries == (("RU", 2), ("KZ", 1), ("US", 1))


def test_numbers_of_no_country_have_region_001() -> None:
    assert read_numbers("+80012345678").countries == (("001", 1),)


@pytest.mark.parametrize(
    "sources", [[], [""], [b""], [" \n\t\r\n"], ["\ufeff"], [b"\xef\xbb\xbf"], [";;;\n,,"], ["", " "]]
)
def test_nothing_but_blank_space_is_empty(sources: list[str | bytes]) -> None:
    assert read_numbers(*sources) == NumberList(problem=Problem.EMPTY)


@pytest.mark.parametrize(
    "data", [b"\x89PNG\r\n\x1a\n\0\0\0", b"MZ\x90\0\x03\0\0\0", b"%PDF-1.4", b"PK\x03\x04\n", b"\0"]
)
def test_what_is_not_text_is_no_list(data: bytes) -> None:
    assert read_numbers("+79123456789", data) == NumberList(problem=Problem.NOT_TEXT)


CYRILLIC = "Имя;Телефон\nАнна;+7 912 345-67-89\nБорис;8 (905) 123-45-67\n№ 5;4,41E+11\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1251", "utf-32"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends_agree(encoding: str, line_end: str) -> None:
    expected = read_numbers(CYRILLIC, region="RU")
    assert e164(expected) == [ANN, BOB]
    assert read_numbers(CYRILLIC.replace("\n", line_end).encode(encoding), region="RU") == expected


HOSTILE = {
    "one line of digits": "7" * 1_000_000,
    "digits and spaces": "1 " * 300_000,
    "brackets": "(" * 500_000,
    "both brackets": ")(" * 300_000,
    "plus signs": "+" * 500_000,
    "counted lines": "1) " * 100_000,
    "dots": "." * 500_000,
    "dotted": "1. " * 100_000,
    "slashes": "1/ " * 100_000,
    "exponents": "1e9" * 100_000,
    "hash signs": "#" * 500_000,
    "links": "t.me/" * 100_000,
    "extensions": "1 доб " * 50_000,
    "zero-width": "\u200b1" * 200_000,
    "nothing but marks": "\u202e" * 300_000,
    "numbers with spaces between": "79123456789 " * 5_000,
    "commas": "1," * 100_000,
    "letters": "a" * 500_000,
    "quotes": '"' * 500_000,
    "dates": "12.05.2024 " * 30_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_costs_no_more_than_its_length(text: str) -> None:
    started = time.process_time()
    read_numbers(text)
    # Linear work takes well under a second here; the smallest quadratic step would take minutes.
    assert time.process_time() - started < 5


VALID_EXAMPLES = sorted(
    {
        phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        for region in phonenumbers.SUPPORTED_REGIONS
        if (number := phonenumbers.example_number_for_type(region, phonenumbers.PhoneNumberType.MOBILE)) is not None
    }
)
VALID = st.sampled_from(VALID_EXAMPLES)
REGIONS = st.sampled_from([None, "RU", "US", "DE", "IT", "GB", "CN", "BR"])
PARTS = [
    *("0123456789" * 3 + "+++()[]-./  \t\n\r,;:'\"=eE#xabАЕ@_№$٣７𝟕"),
    *("\u200b", "\u202a", "\u00a0", "\ufeff", "\u2011", "t.me/+", "+7912", "00", "ext.", "E+11", "7912345678"),
]
MESSY = st.lists(st.sampled_from(PARTS), max_size=50).map("".join)
BROKEN = st.lists(st.sampled_from([*PARTS, "\ud800", "\x00"]), max_size=50).map("".join)


@given(st.one_of(st.text(max_size=60), BROKEN, st.binary(max_size=120)), REGIONS)
@settings(max_examples=400)
@example("(", None)
@example("0", "RU")
@example("00", "RU")
@example("+", "RU")
def test_whatever_comes_in_what_goes_out_is_valid_and_adds_up(source: str | bytes, region: str | None) -> None:
    numbers = read_numbers(source, region=region)
    for number in numbers.valid:
        parsed = phonenumbers.parse(number.e164, None)
        assert phonenumbers.is_valid_number(parsed)
        assert phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164) == number.e164
        assert phonenumbers.region_code_for_number(parsed) == number.region
        assert number.as_sent
    assert len({number.e164 for number in numbers.valid}) == len(numbers.valid)
    assert sum(count for _, count in numbers.countries) == len(numbers.valid)
    assert unpack(pack(numbers), repeated=numbers.repeated) == NumberList(
        numbers.valid, numbers.repeated, numbers.rejected
    )


@given(st.lists(VALID, min_size=1, max_size=30), REGIONS)
def test_reading_the_output_again_changes_nothing(sent: list[str], region: str | None) -> None:
    numbers = read_numbers("\n".join(sent), region=region)
    assert e164(numbers) == list(dict.fromkeys(sent))
    assert numbers.repeated == len(sent) - len(set(sent))
    assert numbers.rejected == ()
    assert e164(read_numbers("\n".join(e164(numbers)), region=region)) == e164(numbers)


INSIDE = st.sampled_from(["", "", "", "\u200b", "\u202c", "\ufeff"])
SPACES = st.sampled_from([" ", "\u00a0", "  ", "\u202f\u200e", "\u3000"])
SIGNS = st.sampled_from(["-", ".", "\u2011", "--", "\u2212", ".\u200b"])
# A space after groups parted by signs may also be the end of the number ("+7-912-345-67-89 2 pcs"): not mixed here.
BETWEEN = st.sampled_from([SPACES, SIGNS])
SCRIPTS = st.sampled_from(["0123456789", "０１２３４５６７８９", "٠١٢٣٤٥٦٧٨٩", "०१२३४५६७८९", "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗"])
BEFORE = st.sampled_from(["+", "＋", "00", "+ ", "\u202a+", "tel:+", "Ann: +", "1) +", "(+"])
AFTER = st.sampled_from(["", "\u202c", " Ann", ".", ";", " ext. 5", "!", ")"])


def test_what_has_a_plus_is_no_address_of_a_computer() -> None:
    assert e164(read_numbers("+ 120.255.501.43 Ann")) == [EVE]


@given(VALID, SCRIPTS, st.lists(st.integers(1, 4), max_size=8), BEFORE, AFTER, st.data())
@settings(max_examples=300)
def test_messy_equals_tidy(
    number: str, script: str, sizes: list[int], before: str, after: str, data: st.DataObject
) -> None:
    between = data.draw(BETWEEN)
    ends = {sum(sizes[: at + 1]) for at in range(len(sizes))}
    written = script[int(number[1])]
    for at, digit in enumerate(number[2:], start=1):
        written += data.draw(between if at in ends else INSIDE) + script[int(digit)]
    # In groups, or in one piece: nobody writes half a number in groups.
    if sum(sizes) < len(number) - 5:
        written = "".join(script[int(digit)] for digit in number[1:])
    numbers = read_numbers(before + written + after)
    assert e164(numbers) == [number]
    assert numbers.rejected == ()


@given(
    st.lists(st.one_of(VALID, st.sampled_from(["hello", "+7 912 34", "8 912 345-67-89", "4.41E+11", ""])), max_size=20)
)
def test_each_line_is_valid_or_repeated_or_rejected(lines: list[str]) -> None:
    numbers = read_numbers("\n".join(lines))
    assert len(numbers.valid) + numbers.repeated + len(numbers.rejected) == sum(map(bool, lines))


@given(st.lists(st.one_of(VALID, MESSY), max_size=12), st.sampled_from(["\n", "\r\n", "\r", "\u2028"]), REGIONS)
def test_a_text_is_read_alike_in_blocks_of_any_size(lines: list[str], end: str, region: str | None) -> None:
    text = end.join(lines)
    whole = read_numbers(text, "+79123456789", region=region)
    for size in (1, 7, 40):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(numbers_file, "BLOCK", size)
            assert read_numbers(text, "+79123456789", region=region) == whole


def test_how_much_was_read_is_told_to_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numbers_file, "BLOCK", 20)
    told: list[float] = []
    read_numbers("+79123456789\n" * 10, b"+12025550143", region=None, tell=told.append)
    assert told == sorted(told)
    assert len(told) > 5
    assert told[-1] == 1.0


@given(st.lists(st.one_of(VALID, MESSY), max_size=8))
def test_text_and_its_utf8_bytes_agree(lines: list[str]) -> None:
    text = "x" + "\n".join(lines)
    assert read_numbers(text.encode()) == read_numbers(text)
