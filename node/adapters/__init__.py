"""The tools that fulfil the ports."""

import os

# Read when numpy is first loaded. The matrices here are small: threads of linear algebra that wait for one another on
# a busy machine have cost a hundred times what they save.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
