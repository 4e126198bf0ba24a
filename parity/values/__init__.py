"""Values that cross between the languages, and how they are written."""
