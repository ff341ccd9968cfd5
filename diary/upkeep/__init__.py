"""Keeping the house: what is thrown away when, copies, and commands for whoever runs it."""
