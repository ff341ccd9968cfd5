"""What to say, now: the library, and finding what fits."""
