"""The same numbers have the same name, whatever their order; without the key the name says nothing."""

import os
import stat
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from bot.list_key import ListKey, find_list_key, load_list_key
from bot.numbers import pack, read_numbers
from bot.packing import BLOCK_BYTES, combined

KEY = ListKey(bytes(range(32)))
ALL = tuple(f"+7912{at:07}" for at in range(12))


def together(*numbers: str) -> bytes:
    return combined(pack(read_numbers("\n".join(numbers))))


@given(st.permutations(ALL))
def test_the_same_numbers_in_any_order_and_writing_have_one_digest(order: list[str]) -> None:
    written = [number.replace("+7912", "8 (912) ") if at % 2 else number for at, number in enumerate(order)]
    numbers = combined(pack(read_numbers("\n".join(written), region="RU")))
    assert KEY.digest(numbers) == KEY.digest(together(*ALL))


@given(st.sets(st.sampled_from(ALL)), st.sets(st.sampled_from(ALL)))
def test_other_numbers_have_another_digest(some: set[str], others: set[str]) -> None:
    assert (KEY.digest(together(*some)) == KEY.digest(together(*others))) == (some == others)


def test_no_numbers_have_no_digest() -> None:
    assert KEY.digest(together("hello")) is None


def test_a_list_of_many_blocks_is_named_by_all_its_numbers() -> None:
    many = [f"+7912{at:07}" for at in range(2 * BLOCK_BYTES // 13)]
    assert KEY.digest(together(*many)) == KEY.digest(together(*reversed(many)))
    assert KEY.digest(together(*many)) != KEY.digest(together(*many[:-1]))


def test_without_the_key_a_digest_cannot_be_made(tmp_path: Path) -> None:
    assert find_list_key(tmp_path).digest(together(*ALL)) != KEY.digest(together(*ALL))
    assert "key" not in repr(KEY).lower().replace("listkey", "")


def test_the_key_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        key = load_list_key(tmp_path)
    finally:
        os.umask(old)
    path = tmp_path / "list_key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(key.key) == 32
    assert load_list_key(tmp_path) == key
    assert [one.name for one in tmp_path.iterdir()] == ["list_key"]


def test_a_key_that_was_cut_off_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "list_key").write_bytes(b"half")
    (tmp_path / "list_key.part").write_bytes(b"left by a kill")
    key = load_list_key(tmp_path)
    assert load_list_key(tmp_path) == key
