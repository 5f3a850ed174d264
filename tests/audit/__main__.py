"""`make audit`: attack the product's own releases and write down how far it got. Exit code 1: the limit is passed."""

import sys
import tempfile
from pathlib import Path

from tests.audit.report import Size, audit, page, write

PAGE = Path(__file__).parents[2] / "docs" / "privacy" / "audit.md"


def main() -> int:
    """Run everything; `--years N` for a shorter or longer one."""
    size = Size(years=int(sys.argv[2])) if sys.argv[1:2] == ["--years"] else Size()
    with tempfile.TemporaryDirectory() as folder:
        found = audit(Path(folder), size)
    write(PAGE, found)
    sys.stdout.write(page(found))
    return 0 if found.holds else 1


if __name__ == "__main__":
    sys.exit(main())
