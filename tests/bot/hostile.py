"""What people, machines and enemies send, for the fuzz tests: strategies that are cheap to draw from."""

import os

from hypothesis import strategies as st

SHARE = float(os.environ.get("FUZZ_SHARE", "1"))
"""``python -m tests.fuzz`` tries a part of the examples at a time, again and again with another seed."""


def examples(usual: int) -> int:
    """Give how many examples a test shall try: so many in the suite."""
    return max(10, int(usual * SHARE))


REGIONS = st.sampled_from((None, "RU", "US", "IT", "KZ", "001", "xx"))

PIECES = st.sampled_from(
    (
        *("+79123456789", "8 (912) 345-67-89", "89123456789", "79123456789", "9123456789", "+7 912 345 67 89"),
        *("+12025550143", "(202) 555-0143", "001 202 555 0143", "+39 06 6982", "0039066982", "+77011234567"),
        *("7.9123456789E+10", "4.41E+11", "79123456789.0", "'+79123456789", '="79123456789"', "tel:+79123456789"),
        *("+", "00", "0", "e", "E+", ".", ",", ";", "\t", "|", '"', "ext. 5", "доб. 12", "hello", "2026-11-23"),
        *("\u0667\u0669\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668\u0669", "\uff0b\uff17\uff19\uff11\uff12"),
        *("\u202a+79123456789\u202c", "\u00a0", "\u200b", "\0", "\ufeff", "😀", "1" * 40, "+" * 20, "9" * 15),
    )
)
LINE = st.lists(PIECES, max_size=4).map("".join) | st.lists(PIECES, max_size=4).map(" ".join)
LINES = st.lists(LINE, max_size=4)
"""The lines of a list."""

CODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1251")
ENCODED = st.builds(
    lambda lines, coding: "\n".join(lines).encode(coding, "ignore"),
    st.lists(LINE, max_size=4),
    st.sampled_from(CODINGS),
)
SOURCES = LINE | LINES.map("\r\n".join) | st.text(max_size=40) | st.binary(max_size=60) | ENCODED
"""A list as text or as a file's bytes."""

_SCALAR = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8)
JSON = st.recursive(
    _SCALAR,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
"""Any JSON, small."""

_ID = st.sampled_from((0, 1, -1, 424242, -100500, 2**52, 2**63, 2**80, "1", None, True, 1.5))
_CHAT = st.fixed_dictionaries({}, optional={"id": _ID, "type": st.sampled_from(("private", "group", "supergroup", 5))})
_ENTITY = st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from(("mention", "bot_command", "bold", None)),
        "offset": st.sampled_from((0, 1, -1, 2**40, "0", None)),
        "length": st.sampled_from((0, 6, 10, -5, 2**40, None)),
    },
)
_TEXT = st.sampled_from(("/check", "/check@check_bot", "@check_bot", "@other", "\ud83d", "😀 @check_bot", "", 7, None))
_MESSAGE = st.fixed_dictionaries(
    {},
    optional={
        "message_id": _ID,
        "date": _ID,
        "edit_date": _ID,
        "chat": _CHAT | JSON,
        "text": _TEXT,
        "caption": _TEXT,
        "entities": st.lists(_ENTITY | JSON, max_size=2) | JSON,
        "caption_entities": st.lists(_ENTITY, max_size=1),
        "reply_to_message": st.fixed_dictionaries({}, optional={"from": st.fixed_dictionaries({"id": _ID})}) | JSON,
        "migrate_to_chat_id": _ID,
        "document": JSON,
    },
)
_EVENT = _MESSAGE | st.fixed_dictionaries({}, optional={"id": _ID, "chat": _CHAT, "message": _MESSAGE}) | JSON
KINDS = ("message", "edited_message", "callback_query", "my_chat_member", "poll", "channel_post")
UPDATES = st.builds(lambda number, kind, event: {"update_id": number, kind: event}, _ID, st.sampled_from(KINDS), _EVENT)
"""Updates as Telegram would not send them."""
