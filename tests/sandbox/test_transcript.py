import io
from typing import Any

from sandbox.changes import Changes
from sandbox.chats import Person
from sandbox.narration import ENGLISH
from sandbox.terminal import Terminal
from sandbox.transcript import Transcript

BOT = Person(1, "Bot", is_bot=True)
ANNA = Person(2, "Anna")
BUTTON = {"inline_keyboard": [[{"text": "Check 2 numbers", "callback_data": "c:1"}]]}


class Chat:
    """A transcript of events that a test makes up."""

    def __init__(self, *, redraws: bool = False) -> None:
        self.out, self.changes, self.files = io.StringIO(), Changes(), dict[int, bytes]()
        terminal = Terminal(self.out, redraws=redraws)
        self.transcript = Transcript(terminal, self.changes, BOT, ENGLISH, self.files.get)

    def tell(self, event: str, **what: Any) -> str:
        """Let something happen; give what is printed of it."""
        before = self.out.tell()
        self.changes.tell(event, **what)
        self.transcript.catch_up()
        return self.out.getvalue()[before:]

    def message(self, event: str, message_id: int, sender: Person = BOT, **content: Any) -> str:
        message = {"message_id": message_id, "from": sender.as_user(), "reply_markup": None, **content}
        return self.tell(event, message=message)


def test_a_message_is_shown_with_its_buttons() -> None:
    shown = Chat().message("message", 1, text="Two numbers", reply_markup=BUTTON)

    assert shown == "\nBot\n▌ Two numbers\n  [ Check 2 numbers ]\n"


def test_a_press_is_told_by_what_stood_on_the_button() -> None:
    chat = Chat()
    chat.message("message", 1, text="Two numbers", reply_markup=BUTTON)
    chat.message("edited", 1, text="Two numbers")

    assert chat.tell("pressed", data="c:1") == "\n· Anna presses [ Check 2 numbers ]\n"


def test_an_answer_to_a_press_is_shown_and_an_empty_one_is_not() -> None:
    chat = Chat()

    assert chat.tell("answered", text="On its way.") == "\n· For a moment Telegram shows: On its way.\n"
    assert chat.tell("answered", text="") == ""


def test_a_message_that_moves_is_one_line_for_each_edit_of_what_changed() -> None:
    chat = Chat()
    chat.message("message", 1, text="base.txt\n10 %\n1 of 10\nnote")

    assert chat.message("edited", 1, text="base.txt\n20 %\n2 of 10\nnote") == "▌ 20 %  2 of 10\n"
    assert chat.message("edited", 1, text="base.txt\n30 %\n3 of 10\nnote") == "▌ 30 %  3 of 10\n"


def test_a_message_that_moves_is_drawn_in_its_place_where_that_is_possible() -> None:
    chat = Chat(redraws=True)
    chat.message("message", 1, text="10 %")

    assert chat.message("edited", 1, text="20 %") == "\x1b[2A\x1b[JBot · the same message, edited\n▌ 20 %\n"


def test_a_message_whose_buttons_change_is_shown_whole() -> None:
    chat = Chat()
    chat.message("message", 1, text="Two numbers", reply_markup=BUTTON)

    assert chat.message("edited", 1, text="Two numbers") == "\nBot · the same message, edited\n▌ Two numbers\n"


def test_a_list_is_shown_by_its_first_lines() -> None:
    chat = Chat()
    chat.files[3] = b"1\n2\n3\n4\n5\n6\n7\n"
    document = {"file_name": "base.txt", "file_size": 14}

    shown = chat.message("message", 3, ANNA, document=document, caption="these")

    lines = [line.strip() for line in shown.splitlines()]
    assert lines == [
        "",
        "Anna",
        "▌ 📄 base.txt · 14 B",
        *(f"▌ {n}" for n in range(1, 6)),
        "▌ ... and 2 more lines",
        "▌ these",
    ]


def test_a_workbook_is_shown_by_its_name_and_size() -> None:
    chat = Chat()
    chat.files[3] = b"PK"

    shown = chat.message("message", 3, document={"file_name": "base.xlsx", "file_size": 14_000})

    assert shown == "\nBot\n▌ 📄 base.xlsx · 14 KB\n"


def test_what_was_told_once_is_not_told_again() -> None:
    chat = Chat()
    chat.tell("answered", text="Once.")
    before = chat.out.getvalue()
    chat.transcript.catch_up()

    assert chat.out.getvalue() == before
