"""What belongs together in a project, read as text: nothing is run."""
