"""What happens at its own time."""
