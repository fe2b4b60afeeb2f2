"""`python -m tests.fuzz --minutes 10 [--only NAME]`: the same for longer; `--atheris NAME` lets coverage lead."""

import argparse
import sys
import time

from tests.fuzz import doors
from tests.fuzz.targets import TARGETS, thrown

ROUND = 200  # examples before the next door has its turn


def long_run(minutes: float, names: list[str]) -> None:
    """Raises the first fault."""
    until, done = time.monotonic() + 60 * minutes, dict.fromkeys(names, 0)
    while time.monotonic() < until:
        for name in names:
            thrown(name, ROUND)()
            done[name] += ROUND
    doors.town().still_listens()
    sys.stdout.write(f"{', '.join(f'{name} {count}' for name, count in done.items())}: nothing broke\n")


def led_by_coverage(name: str, seconds: int) -> None:
    """Needs the package atheris, which tests do without: it has no wheels for every machine."""
    import atheris

    atheris.instrument_all()
    atheris.Setup([sys.argv[0], f"-max_total_time={seconds}"], thrown(name, 1).hypothesis.fuzz_one_input)  # type: ignore[attr-defined]
    atheris.Fuzz()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--only", choices=sorted(TARGETS))
    parser.add_argument("--atheris", choices=sorted(TARGETS))
    asked = parser.parse_args()
    if asked.atheris:
        led_by_coverage(asked.atheris, int(60 * asked.minutes))
    else:
        long_run(asked.minutes, [asked.only] if asked.only else sorted(TARGETS))


if __name__ == "__main__":
    main()
