"""The page of all cards: each of its pictures is there in both languages, and each that is there is shown."""

import re
from pathlib import Path

PAGE = Path(__file__).parent.parent / "docs" / "cards.md"
FOLDER = PAGE.parent / "pictures" / "cards"
SHOWN = re.compile(r'<img src="pictures/cards/([\w-]+)-(en|ru)\.png"')


def test_the_page_shows_every_card_in_both_languages_and_no_picture_is_left_over() -> None:
    shown = SHOWN.findall(PAGE.read_text(encoding="utf-8"))
    names = dict.fromkeys(name for name, _ in shown)

    assert shown == [(name, language) for name in names for language in ("en", "ru")]
    assert {f"{name}-{language}.png" for name, language in shown} == {one.name for one in FOLDER.iterdir()}


def test_the_pictures_of_cards_are_light_enough_for_one_page() -> None:
    sizes = [one.stat().st_size for one in FOLDER.iterdir()]

    assert max(sizes) < 60_000
    assert sum(sizes) < 2_000_000


def test_the_readme_leads_to_the_page() -> None:
    assert "(docs/cards.md)" in (PAGE.parent.parent / "README.md").read_text(encoding="utf-8")
