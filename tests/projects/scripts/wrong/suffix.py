import columns

columns.SUFFIX = ".csv"
columns.main()
