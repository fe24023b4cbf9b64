"""Cards that presses redraw: the newest state arrives, the states between need not."""

import asyncio
from typing import Any

import pytest

from bot.cards import Card
from bot.limits import Importance, Limits
from bot.messenger import LaterError, MessageGoneError, Messenger, PerhapsSentError, Place
from bot.redrawing import AGAIN_SECONDS, PROMPT, Redrawing
from bot.texts import Html
from sandbox.clock import Clock

GROUP = -100_500


class Telegram(Messenger):
    """Records what cards say, and fails as it is told."""

    said: list[tuple[int, str, Importance]]
    fails: list[Exception]

    async def edit(self, place: Place, message_id: int, card: Card, importance: Importance) -> None:
        if self.fails:
            raise self.fails.pop(0)
        self.said.append((message_id, card.text, importance))


@pytest.fixture
def telegram() -> Telegram:
    made = object.__new__(Telegram)
    for name in ("said", "fails"):
        object.__setattr__(made, name, [])
    return made


@pytest.fixture
def clock() -> Clock:
    return Clock(speed=0)


@pytest.fixture
def redrawing(telegram: Telegram, clock: Clock) -> Redrawing:
    return Redrawing(telegram, lambda: None, clock.now)


def card(text: str) -> Card:
    return Card(Html(text))


async def test_of_many_presses_the_last_is_drawn(telegram: Telegram, redrawing: Redrawing) -> None:
    for text in "abc":
        redrawing.draw(GROUP, 5, card(text))
    assert await redrawing.tend() is None
    assert telegram.said == [(5, "c", Importance.CARD)]


async def test_what_the_card_says_already_is_not_drawn(telegram: Telegram, redrawing: Redrawing) -> None:
    redrawing.draw(GROUP, 5, card("a"))
    await redrawing.tend()
    redrawing.draw(GROUP, 5, card("b"))
    redrawing.draw(GROUP, 5, card("a"))
    assert await redrawing.tend() is None
    assert [text for _, text, _ in telegram.said] == ["a"]


async def test_who_presses_very_often_uses_up_nothing_that_others_need(
    telegram: Telegram, redrawing: Redrawing, clock: Clock
) -> None:
    for at in range(PROMPT + 3):
        redrawing.draw(GROUP, 5, card(str(at)))
        await redrawing.tend()
    redrawing.draw(GROUP - 1, 5, card("of another chat"))
    await redrawing.tend()
    clock.advance(61)
    redrawing.draw(GROUP, 5, card("a minute later"))
    await redrawing.tend()
    assert [importance for _, _, importance in telegram.said] == [
        *[Importance.CARD] * PROMPT,
        *[Importance.PROGRESS] * 3,
        Importance.CARD,
        Importance.CARD,
    ]


@pytest.mark.parametrize(("error", "seconds"), [(LaterError(7.0), 7.0), (PerhapsSentError(), AGAIN_SECONDS)])
async def test_what_finds_no_room_comes_again_as_it_is_by_then(
    telegram: Telegram, redrawing: Redrawing, clock: Clock, error: Exception, seconds: float
) -> None:
    telegram.fails.append(error)
    redrawing.draw(GROUP, 5, card("a"))
    assert await redrawing.tend() == clock.now() + seconds
    redrawing.draw(GROUP, 5, card("b"))
    assert await redrawing.tend() is None
    assert [text for _, text, _ in telegram.said] == ["b"]


async def test_a_card_that_is_gone_is_let_go_and_others_are_drawn(telegram: Telegram, redrawing: Redrawing) -> None:
    telegram.fails.append(MessageGoneError())
    redrawing.draw(GROUP, 5, card("a"))
    redrawing.draw(GROUP, 6, card("b"))
    assert await redrawing.tend() is None
    assert await redrawing.tend() is None
    assert [message for message, _, _ in telegram.said] == [6]


async def test_a_newer_state_that_comes_while_one_is_drawn_is_drawn_too(
    telegram: Telegram, redrawing: Redrawing, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    once = asyncio.Event()

    async def edit(_self: Telegram, _place: Place, _message_id: int, drawn: Card, _importance: Importance) -> None:
        if not once.is_set():
            once.set()
            redrawing.draw(GROUP, 5, card("newer"))
        telegram.said.append((5, drawn.text, Importance.CARD))

    monkeypatch.setattr(Telegram, "edit", edit)
    redrawing.draw(GROUP, 5, card("older"))
    assert await redrawing.tend() == clock.now()
    assert await redrawing.tend() is None
    assert [text for _, text, _ in telegram.said] == ["older", "newer"]


async def test_an_admin_who_presses_every_second_leaves_half_of_the_groups_messages_to_others() -> None:
    """By the real limits: a gate's own times, with the presses of a minute all at once."""
    gate = Limits()._chat(GROUP)
    room = 0
    for at in range(60):
        importance = Importance.CARD if at < PROMPT else Importance.PROGRESS
        now: Any = 1000.0 + at
        if gate._delay_of(importance, now) <= 0:
            gate.passing += 1
            gate.leave(now)
            room += 1
    assert PROMPT < room <= 10
