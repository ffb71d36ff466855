"""`make flood`: 200 attackers against 20 reporters, before and after, in virtual time."""

import sys

from tests.flood.crowd import ATTACKERS, played, report


def main() -> None:
    """Prints both tables; the number of attackers may be given."""
    attacking = int(sys.argv[1]) if len(sys.argv) > 1 else ATTACKERS
    print(report(played(controls=False, attacking=attacking), "Before"))
    print(report(played(controls=True, attacking=attacking), "After"))


if __name__ == "__main__":
    main()
