"""Looking for patterns: one's own."""
