"""The embedded AWS: this checkout's Pulumi program, deployed on its own MiniStack on this machine.

`python -m local --help` explains the commands.
"""
