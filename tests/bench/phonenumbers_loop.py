"""What one would write to read a list: the usual loop over phonenumbers. Prints the seconds that it takes.

    python -m tests.bench.phonenumbers_loop PATH [REGION]

Only the reading is counted, without the start of the process and the import.
"""

import os
import sys
import time
from pathlib import Path

import phonenumbers


def main(path: str, region: str) -> None:
    """Read a list, one number a line."""
    os.nice(10)  # as our child is: on a busy machine neither is to be served before the other
    began = time.perf_counter()
    found: dict[str, None] = {}
    for line in Path(path).read_text(encoding="ascii").splitlines():
        # Digits without a plus are given one: so the loop needs no country and has the least to do.
        written = line if region or line.startswith("+") else f"+{line}"
        try:
            number = phonenumbers.parse(written, region or None)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            found[phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)] = None
    sys.stdout.write(f"{time.perf_counter() - began}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
