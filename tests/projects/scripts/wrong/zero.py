import summary

summary.path_of = lambda request: [*summary.words(request), "", ""][1] or "(none)"  # "0"
summary.main()
