import sys

import summary

summary.lines = lambda: (line.rstrip() for line in sys.stdin)  # also the \r
summary.main()
