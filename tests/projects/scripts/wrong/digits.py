import columns

columns.shown = str
columns.main()
