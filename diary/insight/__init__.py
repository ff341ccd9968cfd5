"""Looking back: a parent's own patterns, and the whole diary to take along."""
