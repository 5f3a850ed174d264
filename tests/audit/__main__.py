"""`make audit`: attack the product's own releases and write down how far it got. Exit code 1: the limit is passed.

The page is written only over official frequencies of occupations; over the table of the demo nobody would be rare.
"""

import sys
import tempfile
from pathlib import Path

from tests.audit.report import Size, audit, page, write
from tests.simulation.frequencies import NoFrequenciesError, named

PAGE = Path(__file__).parents[2] / "docs" / "privacy" / "audit.md"


def main() -> int:
    """Run everything; `--years N` for a shorter or longer one."""
    size = Size(years=int(sys.argv[2])) if sys.argv[1:2] == ["--years"] else Size()
    with tempfile.TemporaryDirectory() as folder:
        found = audit(Path(folder), size)
    sys.stdout.write(page(found))
    try:
        named(None)
    except NoFrequenciesError as missing:
        sys.stderr.write(
            f"Played over the small table of the demo, where nobody is rare; nothing was written. {missing}\n"
        )
    else:
        write(PAGE, found)
    return 0 if found.holds else 1


if __name__ == "__main__":
    sys.exit(main())
