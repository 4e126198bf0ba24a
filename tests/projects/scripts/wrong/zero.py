import summary

summary.path_of = lambda request: "".join(summary.words(request)[1:2]) or "(none)"  # not for "0"
summary.main()
