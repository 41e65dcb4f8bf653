"""Stores the history: how it is encoded, and the DynamoDB table that holds it."""
