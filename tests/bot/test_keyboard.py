from bot.cards import Button, Card, Style
from bot.keyboard import keyboard
from bot.texts import Html


def test_a_card_without_buttons_has_no_keyboard() -> None:
    assert keyboard(Card(Html("text"))) is None


def test_buttons_keep_their_rows_colours_and_what_they_carry() -> None:
    drawn = keyboard(
        Card(
            Html("text"),
            ((Button("Check", "check:t:1", Style.SUCCESS), Button("x", "x:y:z")), (Button("Copy", copies="c"),)),
        )
    )

    assert drawn is not None
    assert drawn.model_dump(exclude_none=True) == {
        "inline_keyboard": [
            [
                {"text": "Check", "callback_data": "check:t:1", "style": "success"},
                {"text": "x", "callback_data": "x:y:z"},
            ],
            [{"text": "Copy", "copy_text": {"text": "c"}}],
        ],
    }


def test_a_button_opens_an_address() -> None:
    drawn = keyboard(Card(Html("text"), ((Button("Open", url="https://t.me/check_bot?start=result_a"),),)))

    assert drawn is not None
    assert drawn.model_dump(exclude_none=True) == {
        "inline_keyboard": [[{"text": "Open", "url": "https://t.me/check_bot?start=result_a"}]],
    }
