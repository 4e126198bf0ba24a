import summary

summary.words = str.split  # also at \x85 and \xa0
summary.main()
