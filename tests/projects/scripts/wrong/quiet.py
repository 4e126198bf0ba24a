import summary

summary.complain = print  # on standard output
summary.main()
