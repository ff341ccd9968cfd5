"""Accounts, families, sign-in, and who may see what."""
