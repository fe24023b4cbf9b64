from collections import Counter

from bot.spreading import Spreading


def test_a_question_comes_when_it_is_wanted_as_long_as_there_is_room() -> None:
    spreading = Spreading(a_second=2)
    assert [spreading.place(100.25, 99.0) for _ in range(2)] == [100.25, 100.25]
    assert spreading.place(101.5, 99.0) == 101.5


def test_no_second_has_more_questions_than_there_is_room_for() -> None:
    spreading = Spreading(a_second=10)
    placed = [spreading.place(100.0, 99.0) for _ in range(95)]
    assert max(Counter(int(at) for at in placed).values()) == 10
    assert 109.0 <= max(placed) < 110.0


def test_what_is_over_is_forgotten() -> None:
    spreading = Spreading(a_second=10)
    for now in range(1000):
        spreading.place(now + 1.0, float(now))
    assert len(spreading.asked) <= 2
