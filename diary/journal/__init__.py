"""What a parent writes, and finds again."""
