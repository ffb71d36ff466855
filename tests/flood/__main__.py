"""`make flood`: attackers against reporters, before and after, in virtual time; or over HTTP.

make flood                 200 attackers against 20 reporters, in virtual time
make flood ARGS="--http"   one kind after another against a real service
"""

import sys

from tests.flood import over_http
from tests.flood.crowd import ATTACKERS, played, report

HTTP = "--http"


def main(arguments: list[str]) -> int:
    """Prints tables; the number of attackers may be given."""
    if HTTP in arguments:
        return over_http.main([one for one in arguments if one != HTTP])
    attacking = int(arguments[0]) if arguments else ATTACKERS
    print(report(played(controls=False, attacking=attacking), "Before"))
    print(report(played(controls=True, attacking=attacking), "After"))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
