"""The page for admins: its pictures are played with the real bot, and each of them is there and shown."""

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from sandbox.__main__ import main

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "groups.md"


def texts(path: Path) -> list[str]:
    image = ET.fromstring(path.read_text(encoding="utf-8"))  # noqa: S314 - ours
    return ["".join(one.itertext()) for one in image.iter("{http://www.w3.org/2000/svg}text")]


def spoken(path: Path) -> str:
    """Give what a picture says, without what differs from day to day: dates, times, and where they break a line."""
    said = " ".join(" ".join(texts(path)).split())
    return re.sub(r"\d{4}-\d\d-\d\d|\w{3} \d+, \d{4}|\w+ \d{4}|\d+:\d\d", "", said)


def test_the_page_shows_every_picture_and_no_other() -> None:
    named = re.findall(r"!\[[^\]]+\]\((pictures/[\w.]+)\)", PAGE.read_text(encoding="utf-8"))

    assert sorted(named) == sorted(f"pictures/{one.name}" for one in (PAGE.parent / "pictures").glob("*.svg"))


def test_the_readme_shows_every_picture_of_the_chat_page() -> None:
    named = re.findall(r"docs/(pictures/page-\w+\.png)", (ROOT / "README.md").read_text(encoding="utf-8"))

    assert sorted(named) == sorted(f"pictures/{one.name}" for one in (PAGE.parent / "pictures").glob("page-*.png"))


def test_the_pictures_are_what_the_bot_says_today(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "pictures"
    folder.mkdir()
    for name in ("old.svg", "page-phone.png"):
        (folder / name).write_text("<svg/>", encoding="utf-8")
    assert main(["--pictures", str(folder)]) == 0, capsys.readouterr().err

    kept = {one.name: spoken(one) for one in (PAGE.parent / "pictures").glob("*.svg")}
    assert {one.name: spoken(one) for one in folder.glob("*.svg")} == kept, "make pictures draws them anew"
    assert (folder / "page-phone.png").exists()
    assert "Approve" in kept["asked.svg"]
    assert "private chat" in kept["counts.svg"]
