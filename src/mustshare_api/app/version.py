"""Which version this is, from the package's own metadata."""

from importlib.metadata import PackageNotFoundError, version
from typing import Final


def _installed() -> str:
    try:
        return version("mustshare-api")
    except PackageNotFoundError:  # run from a checkout that was not installed
        return "0.0.0"


VERSION: Final = _installed()
