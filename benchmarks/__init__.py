"""How fast and how cheap it is, beside the alternatives: `python -m benchmarks --help`."""

import sys
from pathlib import Path

# In their archive the functions' modules are at the root.
sys.path.insert(0, str(Path(__file__).parent.parent / "functions"))
