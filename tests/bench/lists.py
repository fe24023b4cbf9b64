"""Reading lists: the child process beside the usual loop over phonenumbers, and what the bot notices of it."""

import random
import sys
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Final

import phonenumbers
from phonenumbers import PhoneNumberType

from bot.reading import beside
from tests.bench.measuring import Ended, by_turns, run
from tests.bench.row import Row
from tests.bot.adversarial import answer, inputs, said_of

NUMBERS: Final = 1_000_000
OTHERS: Final = 300_000
"""Of the forms beside E.164: their ratios need no million."""
DIFFERENCES: Final = 200_000
LOOP_SHARE: Final = 10
"""The loop reads one line in so many, since it takes the same time for each; its time is counted for all of them."""
RATIO: Final = 30.0
TICK_MS: Final = 20.0
GROWN_MIB, CHILD_MIB = 30.0, 350.0
SEED: Final = 20


def rows(quick: bool) -> Iterable[Row]:  # noqa: FBT001  (see BENCHES)
    """Give the rows about lists."""
    count, others, rounds = (4_000, 2_000, 1) if quick else (NUMBERS, OTHERS, 3)
    with tempfile.TemporaryDirectory() as folder:
        for name, lines, region, wanted in (
            ("E.164, mixed countries", _e164, None, RATIO),
            ("formatted, mixed countries", _formatted, None, 0.0),
            ("no plus, mixed countries", _bare, None, 0.0),
            ("no plus, one country", _one_country, None, 0.0),
            ("as dialled, region RU", _russian, "RU", 0.0),
        ):
            path = Path(folder) / f"{len(name)}.txt"
            number = count if wanted else others
            path.write_text("".join(f"{line}\n" for line in lines(number)), encoding="ascii")
            yield from _beside_the_loop(f"list, {number:,} lines {name}", path, region, wanted, rounds)
            if wanted:
                yield from _seen_by_the_bot(path, number)
    yield _differences(2_000 if quick else DIFFERENCES)


def _beside_the_loop(what: str, path: Path, region: str | None, wanted: float, rounds: int) -> Iterator[Row]:
    lines = path.read_text(encoding="ascii").splitlines()
    ended: list[Ended] = []

    def ours() -> float:
        ended.append(run("bot.reading", "list", str(path), *([f"--region={region}"] if region else [])))
        return ended[-1].seconds

    def loop() -> float:
        part = lines[::LOOP_SHARE]
        sample = path.with_suffix(".sample")
        sample.write_text("\n".join(part), encoding="ascii")
        said = run("tests.bench.phonenumbers_loop", str(sample), region or "").said
        return float(said) * len(lines) / len(part)

    seconds = by_turns(rounds, {"ours": ours, "loop": loop})
    ratio = seconds["loop"] / seconds["ours"]
    packed = sum(len(beside(path, part).read_bytes()) for part in ("numbers", "details", "rejected"))
    valid = zlib.decompress(beside(path, "numbers").read_bytes()).count(b"\n")
    yield Row(
        what,
        f"{seconds['ours']:.2f} s",
        f"phonenumbers loop {seconds['loop']:.1f} s",
        ratio,
        f"at least {wanted:.0f}" if wanted else "",
        ratio >= wanted if wanted else None,
    )
    peak = max(one.peak_mib for one in ended)
    yield Row(
        "  its child's memory; valid, packed",
        f"{peak:.0f} MiB; {valid:,}, {packed / (1 << 20):.1f} MiB",
        wanted=f"under {CHILD_MIB:.0f} MiB" if wanted else "",
        is_kept=peak < CHILD_MIB if wanted else None,
    )


def _seen_by_the_bot(path: Path, count: int) -> Iterator[Row]:
    ended = run("tests.bench.parent", str(path))
    delay, idle, grown = map(float, ended.said.split())
    yield Row(
        f"tick of 10 ms in the bot's process while {count:,} are read",
        f"{delay:.1f} ms late at worst",
        f"idle {idle:.1f} ms",
        wanted=f"under {TICK_MS:.0f} ms",
        is_kept=delay < TICK_MS,
    )
    yield Row(
        "the bot's process grows meanwhile by",
        f"{grown:.1f} MiB",
        wanted=f"under {GROWN_MIB:.0f} MiB",
        is_kept=grown < GROWN_MIB,
    )


def _differences(count: int) -> Row:
    different = 0
    for one in inputs(count, SEED):
        if answer(*one) != said_of(*one):
            different += 1
            sys.stdout.write(f"different: {one}: {answer(*one)}, phonenumbers says {said_of(*one)}\n")
    return Row(
        f"{count:,} adversarial digits", f"{different} differences", "phonenumbers", None, "none", different == 0
    )


@cache
def _examples() -> list[tuple[int, str]]:
    kinds = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE)
    regions = sorted(phonenumbers.SUPPORTED_REGIONS)
    numbers = (phonenumbers.example_number_for_type(region, kind) for region in regions for kind in kinds)
    return [(one.country_code or 0, phonenumbers.national_significant_number(one)) for one in numbers if one]


def _drawn(dice: random.Random) -> tuple[int, str]:
    """Draw a number of any country, valid nearly always: the beginning of an example, and other digits after it."""
    while True:
        code, digits = dice.choice(_examples())
        kept = max(2, len(digits) - 4)
        drawn = digits[:kept] + "".join(dice.choices("0123456789", k=len(digits) - kept))
        if dice.random() > 0.02:
            return code, drawn
        return code, drawn[: -dice.randint(1, 3)]


def _e164(count: int) -> Iterator[str]:
    dice, sent = random.Random(SEED), [""]
    for _ in range(count):
        code, digits = _drawn(dice)
        line = dice.choice(sent) if dice.random() < 0.05 else f"+{code}{digits}"
        sent.append(line)
        yield line


def _formatted(count: int) -> Iterator[str]:
    dice = random.Random(SEED)
    forms: tuple[Callable[[int, str], str], ...] = (
        lambda code, one: f"+{code} {one[:3]} {one[3:6]}-{one[6:8]}-{one[8:]}".rstrip("- "),
        lambda code, one: f"+{code} ({one[:3]}) {one[3:]}",
        lambda code, one: f"+{code}-{one[:2]}-{one[2:5]}-{one[5:]}",
        lambda code, one: f"+{code} {one[:2]} {one[2:4]} {one[4:6]} {one[6:]}".rstrip(),
    )
    for _ in range(count):
        yield dice.choice(forms)(*_drawn(dice))


def _bare(count: int) -> Iterator[str]:
    dice = random.Random(SEED)
    for _ in range(count):
        code, digits = _drawn(dice)
        yield f"{code}{digits}"


def _one_country(count: int) -> Iterator[str]:
    dice = random.Random(SEED)
    for _ in range(count):
        yield f"79{dice.randrange(10**9):09}"


def _russian(count: int) -> Iterator[str]:
    dice = random.Random(SEED)
    for _ in range(count):
        one = f"9{dice.randrange(10**9):09}"
        yield dice.choice(
            (f"8{one}", f"8 ({one[:3]}) {one[3:6]}-{one[6:8]}-{one[8:]}", f"+7 {one[:3]} {one[3:6]} {one[6:]}")
        )
