import pytest

from sandbox.entities import find_entities, parse_html, trimmed, utf16_length
from sandbox.refusals import Refusal


def spans(text: str, entities: list[dict[str, object]]) -> list[tuple[object, str]]:
    """Each entity's type and the text it covers, cut out in UTF-16 as a client does."""
    raw = text.encode("utf-16-le")
    return [
        (one["type"], raw[int(str(one["offset"])) * 2 :][: int(str(one["length"])) * 2].decode("utf-16-le"))
        for one in entities
    ]


@pytest.mark.parametrize(
    ("html", "text", "expected"),
    [
        ("<b>bold</b> plain", "bold plain", [("bold", "bold")]),
        ("😀 <i>x</i>", "😀 x", [("italic", "x")]),
        ("<b>a<i>b</i></b>", "ab", [("bold", "ab"), ("italic", "b")]),
        ("1 &lt; 2 &amp;&amp; 3 &gt; 2 &quot;&#33;&#x21;", '1 < 2 && 3 > 2 "!!', []),
        ("&nbsp; &unknown;", "&nbsp; &unknown;", []),
        ("<STRONG>x</Strong>", "x", [("bold", "x")]),
        ("<code>+7</code><pre>y</pre>", "+7y", [("code", "+7"), ("pre", "y")]),
        ("<blockquote expandable>q</blockquote>", "q", [("expandable_blockquote", "q")]),
        ("<blockquote>q</blockquote>", "q", [("blockquote", "q")]),
        ("<span class='tg-spoiler'>s</span>", "s", [("spoiler", "s")]),
        ("<tg-emoji emoji-id='5'>👍</tg-emoji>", "👍", [("custom_emoji", "👍")]),
        (
            '<b>on <tg-time unix="1790000000" format="D">21.09</tg-time></b>',
            "on 21.09",
            [("bold", "on "), ("date_time", "21.09")],
        ),
        ('<tg-time unix="0" format="t">never</tg-time><tg-time format="t">never</tg-time>', "nevernever", []),
        ("<b></b>x", "x", []),
        ("<a href='javascript:x'>y</a>", "y", []),
    ],
)
def test_html_becomes_text_and_entities(html: str, text: str, expected: list[tuple[str, str]]) -> None:
    read, entities = parse_html(html)
    assert (read, spans(read, entities)) == (text, expected)


def test_links_keep_their_address_and_code_its_language() -> None:
    _, (link,) = parse_html('<a href="https://example.org/?a=1&amp;b=2">here</a>')
    assert link["url"] == "https://example.org/?a=1&b=2"
    _, entities = parse_html('<pre><code class="language-python">x</code></pre>')
    assert {one.get("language") for one in entities} == {None, "python"}


@pytest.mark.parametrize(
    ("wanted", "given"),
    [("Dt", "Dt"), ("tD", "Dt"), ("WdT", "wdT"), ("R", "r"), ("r", "r"), ("", ""), ("dDtT", "dt")],
)
def test_a_time_is_kept_with_how_it_is_shown(wanted: str, given: str) -> None:
    text, entities = parse_html(f"<tg-time unix='1790000000' format='{wanted}'>+7 912 345-67-89</tg-time>")

    assert find_entities(text, entities) == [
        {"type": "date_time", "offset": 0, "length": 16, "unix_time": 1_790_000_000, "date_time_format": given}
    ]


@pytest.mark.parametrize(
    ("html", "sentence"),
    [
        ("<b>open", 'Can\'t find end tag corresponding to start tag "b"'),
        ("ы<br>", 'Unsupported start tag "br" at byte offset 2'),
        ("a < b", 'Unsupported start tag "" at byte offset 2'),
        ("a <b", "Unclosed start tag at byte offset 2"),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("<a href=", 'Expected equal sign in declaration of an attribute of the tag "a" at byte offset 0'),
        ("<a href>x</a>", 'Expected equal sign in declaration of an attribute of the tag "a" at byte offset 0'),
        ("<b ", "Unclosed start tag at byte offset 0"),
        ("<a =x>y</a>", 'Empty attribute name in the tag "a" at byte offset 0'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<b><i>test</b></i>", 'Unmatched end tag at byte offset 10, expected "</i>", found "</b>"'),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ('<tg-time unix="1" format="rt">x</tg-time>', "Invalid date format used"),
        ('<tg-time unix="1" format="x">x</tg-time>', "Invalid date format used"),
        ("<script>alert(1)</script>", 'Unsupported start tag "script" at byte offset 0'),
    ],
)
def test_html_that_telegram_cannot_read_is_refused_in_its_words(html: str, sentence: str) -> None:
    with pytest.raises(Refusal) as refused:
        parse_html(html)
    assert refused.value.description == f"Bad Request: can't parse entities: {sentence}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/check", [("bot_command", "/check")]),
        ("/check@number_check_bot RU", [("bot_command", "/check@number_check_bot")]),
        ("😀 @anna, hello", [("mention", "@anna")]),
        ("see https://example.org/a?b=1.", [("url", "https://example.org/a?b=1")]),
        ("write to a@example.org", [("email", "a@example.org")]),
        ("#list +79161234567", [("hashtag", "#list"), ("phone_number", "+79161234567")]),
        ("+7 916 123-45-67", [("phone_number", "+7 916 123-45-67")]),
        ("1/2 a/b", []),
        ("#1 @a", []),
    ],
)
def test_a_server_finds_entities_by_itself(text: str, expected: list[tuple[str, str]]) -> None:
    assert spans(text, find_entities(text)) == expected


def test_nothing_is_found_inside_code() -> None:
    assert find_entities("/check", [{"type": "code", "offset": 0, "length": 6}]) == [
        {"type": "code", "offset": 0, "length": 6}
    ]


def test_blank_space_at_the_ends_goes_and_entities_move_along() -> None:
    text, entities = trimmed(
        " \n😀 x ", [{"type": "bold", "offset": 2, "length": 5}, {"type": "code", "offset": 0, "length": 1}]
    )
    assert (text, entities) == ("😀 x", [{"type": "bold", "offset": 0, "length": 4}])


def test_lengths_are_counted_as_clients_count() -> None:
    assert utf16_length("a😀") == 3
