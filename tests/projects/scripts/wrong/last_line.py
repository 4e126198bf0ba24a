import columns

columns.written = "\n".join  # no newline at the end
columns.main()
