"""The stack's parts, one component each; `__main__.py` puts them together."""
