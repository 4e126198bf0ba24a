"""The tutorial's complete listings, to be run with python -m."""
