"""A Perl script and its port, run as processes."""
