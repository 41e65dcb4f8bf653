"""The embedded AWS: this checkout's Pulumi program, deployed on a MiniStack of its own on loopback.

`python -m local --help` says how to use it.
"""
