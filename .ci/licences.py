"""List the licences of the installed packages. Fail if one of them is not among the allowed ones."""

import sys
from importlib.metadata import Distribution, distributions

# Licences that allow to use, change and deploy the code beside Apache-2.0 code.
ALLOWED = (
    "0BSD",
    "Apache",
    "BSD",
    "ISC",
    "MIT",
    "MPL",
    "Mozilla Public",
    "PSF",
    "Python Software Foundation",
)
# Packages without the field, and what their licence file says.
READ = {"CurrencyConverter": "Apache-2.0"}


def licence_of(package: Distribution) -> str:
    """Return the licence expression of a package, or else its classifiers, or else its free text."""
    data = package.metadata
    classifiers = [name for name in data.get_all("Classifier") or [] if name.startswith("License :: ")]
    return (
        data["License-Expression"]
        or "; ".join(name.rpartition(" :: ")[2] for name in classifiers)
        or (data["License"] or READ.get(data["Name"], "unknown")).splitlines()[0]
    )


def main() -> int:
    """Print a line for each package, and return 1 if the licence of one is not allowed."""
    found = {package.metadata["Name"]: licence_of(package) for package in distributions()}
    refused = {name for name, text in found.items() if not any(allowed in text for allowed in ALLOWED)}
    for name in sorted(found, key=str.lower):
        print(f"{'NOT ALLOWED  ' if name in refused else ''}{name:<40} {found[name]}")
    return bool(refused)


if __name__ == "__main__":
    sys.exit(main())
