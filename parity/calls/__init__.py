"""Both sides do a batch of cases."""
