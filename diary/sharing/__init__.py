"""What a parent shares with a counsellor, and what comes back."""
