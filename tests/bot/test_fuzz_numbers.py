"""Ten thousand lists as nobody writes them: reading never raises, adds up, and gives only valid numbers."""

import re
from dataclasses import replace

from hypothesis import given, settings

from bot.numbers import read_numbers, unpack
from bot.packing import pack, submission
from tests.bot.hostile import LINES, REGIONS, SOURCES, examples

E164 = re.compile(r"\+[1-9][0-9]{6,14}")


@given(SOURCES, REGIONS)
@settings(max_examples=examples(6000))
def test_whatever_is_sent_only_e164_goes_out_once_each_and_the_counts_add_up(
    source: str | bytes, region: str | None
) -> None:
    numbers = read_numbers(source, region=region)
    sent = [number.e164 for number in numbers.valid]

    assert all(E164.fullmatch(number) for number in sent)
    assert len(set(sent)) == len(sent)
    assert numbers.repeated >= 0
    assert numbers.problem is None or not numbers.valid
    assert sum(count for _, count in numbers.countries) == len(sent)
    assert all(len(one.text) <= 200 and one.line >= 1 for one in numbers.rejected)
    assert submission(pack(numbers)) == "".join(f"{number}\n" for number in sent).encode()


@given(LINES, REGIONS)
@settings(max_examples=examples(2500))
def test_what_was_read_stays_the_same_when_it_is_read_again_and_when_it_is_packed(
    lines: list[str], region: str | None
) -> None:
    numbers = read_numbers("\n".join(lines), region=region)
    again = read_numbers("\n".join(one.e164 for one in numbers.valid))

    assert [one.e164 for one in again.valid] == [one.e164 for one in numbers.valid]
    assert again.rejected == ()
    assert unpack(pack(numbers), repeated=numbers.repeated) == replace(numbers, problem=None)


@given(LINES, LINES)
@settings(max_examples=examples(1500))
def test_two_messages_of_one_list_are_read_as_one_with_lines_that_run_on(first: list[str], second: list[str]) -> None:
    together = read_numbers("\n".join(first), "\n".join(second))
    alone = read_numbers("\n".join(first))

    assert together.valid[: len(alone.valid)] == alone.valid
    assert together.rejected[: len(alone.rejected)] == alone.rejected
    assert {one.e164 for one in together.valid} >= {one.e164 for one in read_numbers("\n".join(second)).valid}
