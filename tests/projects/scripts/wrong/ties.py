import summary

summary.order = lambda count, size: sorted(count, key=lambda path: -size[path])
summary.main()
