"""The pictures of a result that the README shows, drawn by the bot's own code: ``python -m tests.pictures docs``."""

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from bot.countries import CountryCount
from bot.picture import draw, picture_of
from bot.texts import load_texts
from tests.fakes import a_job

FINISHED_AT = 1_795_430_000.0
NAMES = {"en": "base nov.txt", "ru": "база ноябрь.txt"}
COUNTRIES = (
    CountryCount("RU", 1870, 905, 82),
    CountryCount("KZ", 522, 301, 31),
    CountryCount("UZ", 318, 214, 30),
    CountryCount("AE", 171, 132, 18),
    CountryCount("GB", 83, 79, 9),
    CountryCount("DE", 49, 30, 11),
    *(CountryCount(region, 11, 6, 2) for region in ("FR", "TR", "US")),
)


def pictures() -> Iterator[tuple[str, bytes]]:
    """Give each picture's name and bytes."""
    yes, no, undetermined = (sum(getattr(one, part) for one in COUNTRIES) for part in ("yes", "no", "undetermined"))
    job = a_job(yes=yes, no=no, undetermined=undetermined, finished_at=FINISHED_AT)
    for language, texts in load_texts().items():
        named = replace(job, name=NAMES[language])
        yield f"result-{language}.png", draw(picture_of(named, COUNTRIES, texts))


def main() -> int:
    """Write them into a folder."""
    for name, content in pictures():
        path = Path(sys.argv[1]) / name
        path.write_bytes(content)
        sys.stdout.write(f"{path}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
