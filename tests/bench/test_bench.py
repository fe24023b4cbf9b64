"""The benchmarks' own parts: the table they print, the turns they take, what they learn of a process."""

import io
import sys
from pathlib import Path

import pytest
from aiohttp import ClientSession, FormData

from tests.bench.delivery import p99, worst_delays
from tests.bench.measuring import by_turns, run_command
from tests.bench.row import Row, as_table
from tests.bench.servers import TOKEN, BenchTelegram


def test_a_row_says_what_was_reached_and_what_was_missed() -> None:
    table = as_table(
        [
            Row("lists", "2.0 s", "loop 90 s", 45.0, "at least 30", is_kept=True),
            Row("tick", "31 ms", wanted="under 20 ms", is_kept=False),
            Row("memory", "90 MiB"),
        ]
    )
    heads, _, lists, tick, memory = table.splitlines()
    assert heads.split() == ["what", "this", "program", "beside", "ratio", "wanted"]
    assert lists.endswith("45x    at least 30  ok")
    assert tick.endswith("under 20 ms  MISSED")
    assert memory.split() == ["memory", "90", "MiB"]


def test_sides_take_turns_and_none_always_comes_first() -> None:
    seen: list[str] = []

    def side(name: str, values: list[float]) -> float:
        seen.append(name)
        return values.pop()

    ours, theirs = [1.0, 2.0, 9.0], [5.0, 4.0, 6.0]
    medians = by_turns(3, {"ours": lambda: side("ours", ours), "theirs": lambda: side("theirs", theirs)})

    assert seen == ["ours", "theirs", "theirs", "ours", "ours", "theirs"]
    assert medians == {"ours": 2.0, "theirs": 5.0}


def test_a_process_is_measured_by_itself() -> None:
    grown = run_command(
        [sys.executable, "-c", "import time; held = b'x' * (64 << 20); print(len(held)); time.sleep(0.5)"], {}
    )
    assert grown.said == f"{64 << 20}\n"
    assert 64 < grown.peak_mib < 128

    with pytest.raises(RuntimeError, match="ended with 3"):
        run_command([sys.executable, "-c", "raise SystemExit(3)"], {})


def test_delays_are_told_apart_by_what_was_going_on(tmp_path: Path) -> None:
    ticks = tmp_path / "ticks"
    ticks.write_text("1.0 0.002\n2.5 0.004\n2.6 0.003\n9.0 0.5\n", encoding="ascii")
    marks = {"idle": 0.0, "read": 2.0, "sent": 3.0, "end": 4.0}
    assert worst_delays(ticks, marks) == {"idle": 0.002, "read": 0.004, "sent": 0.0}


def test_of_a_hundred_answers_the_slowest_is_left_out() -> None:
    assert p99([*range(1, 101)]) == 99
    assert p99([3.0, 1.0, 2.0]) == 3.0


async def test_a_document_counts_when_the_whole_of_it_is_there() -> None:
    async with BenchTelegram() as telegram, ClientSession() as client:
        form = FormData({"chat_id": "5", "document": io.BytesIO(b"x" * 3_000_000)})
        answer = await (await client.post(f"{telegram.url}/bot{TOKEN}/sendDocument", data=form)).json()
        assert answer["result"]["document"]["file_id"] == "sent"
        ((_, size),) = telegram.arrived
        assert size > 3_000_000
