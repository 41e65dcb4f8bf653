"""Updates the stored history from the ECB's file."""
