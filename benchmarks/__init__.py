"""Speed, DynamoDB units and cost of the service: `python -m benchmarks --help`."""

import sys
from pathlib import Path

# The functions' modules are at the root of their archive.
sys.path.insert(0, str(Path(__file__).parent.parent / "functions"))
