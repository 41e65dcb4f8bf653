"""Answers requests from the stored history."""
