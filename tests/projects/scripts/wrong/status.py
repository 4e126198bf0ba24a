import sys

import columns

columns.fail = lambda what, error: sys.exit(f"cannot {what}: {error.strerror}")  # status 1
columns.main()
