"""The parts of the stack, one component each. `__main__.py` composes them."""
