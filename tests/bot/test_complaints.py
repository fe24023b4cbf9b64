import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.complaints import LONGEST_LINE, clean_line, complaint

SHAPES = [
    ('{"error": "invalid_file", "message": "the file is not text"}', "invalid_file: the file is not text"),
    ('{"message": "the file is not text", "error": "invalid_file"}', "invalid_file: the file is not text"),
    ('{"error": {"code": "bad_file", "message": "not text"}}', "bad_file: not text"),
    ('{"error": "same", "message": "same"}', "same"),
    ('{"detail": [{"loc": ["body", "file"], "msg": "field required"}]}', "field required"),
    ('{"errors": {"file": ["is empty", "is no text"]}}', "is empty: is no text"),
    ('{"code": 40013, "msg": "no"}', "no"),
    ('["one", "two"]', "one: two"),
    ('"just words"', "just words"),
    ('{"success": false}', '{"success": false}'),
    ("plain\n words", "plain words"),
    ("<html><head><title> 413 Request\nEntity Too Large </title></head></html>", "413 Request Entity Too Large"),
    ("\ufeff  <!DOCTYPE html><p>nothing</p>", "Bad Request"),
    ("", "Bad Request"),
    ("   ", "Bad Request"),
    ("{}", "Bad Request"),
    ("null", "Bad Request"),
    ('{"error": null, "message": ""}', '{"error": null, "message": ""}'),
    ('{"error": "half \\ud83d"}', "half"),
    ('{"error": "nul \\u0000 and \\u202e turned"}', "nul and turned"),
]


@pytest.mark.parametrize(("body", "line"), SHAPES)
def test_an_error_body_of_any_shape_becomes_one_line(body: str, line: str) -> None:
    assert complaint(body.encode(), 400) == line


def test_a_status_that_nobody_has_named_is_told_by_its_number() -> None:
    assert complaint(b"", 599) == "HTTP 599"


def test_a_phone_number_is_hidden_and_a_limit_is_not() -> None:
    assert clean_line("+7 999 123-45-67 is wrong, 79991234567 too") == "[number] is wrong, [number] too"
    assert clean_line("more than 10000000 rows, 500 at least") == "more than 10000000 rows, 500 at least"


def test_a_long_explanation_is_cut() -> None:
    line = complaint(b"word " * 20_000, 400)
    assert len(line) == LONGEST_LINE
    assert line.endswith("…")


def test_json_nested_too_deep_is_shown_as_it_is() -> None:
    assert complaint(b"[" * 100_000, 400).startswith("[[[")


@given(st.binary(), st.integers())
def test_no_body_makes_it_fail(body: bytes, status: int) -> None:
    line = complaint(body, status)
    assert line
    assert "\n" not in line
    line.encode()


def test_a_page_of_titles_takes_no_time() -> None:
    assert complaint(b"<title" * 20_000, 502) == "Bad Gateway"
