"""The other end: one perl process and its format."""
