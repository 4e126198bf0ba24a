import summary

summary.mean = lambda size, count: round(size / count)  # half to even
summary.main()
