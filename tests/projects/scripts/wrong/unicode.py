import re

import columns

columns.NUMBER = re.compile(r"-?\d{1,9}(?:\.\d{1,3})?$")  # also ٣
columns.ENCODING["encoding"] = "utf-8"
columns.main()
