"""What belongs together: settings, the sources of both sides, pairs, the map. Runs nothing."""
