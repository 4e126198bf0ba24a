import columns

columns.split_line = lambda line: line.split(",")
columns.main()
