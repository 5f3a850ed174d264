"""`make smoke` chooses these tests; where nobody chose them they are not collected, so none is ever skipped."""

import os

collect_ignore_glob = [] if os.environ.get("SMOKE") else ["test_*.py"]
