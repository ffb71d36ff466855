"""Which version this is, from the package's own metadata."""

from importlib.metadata import PackageNotFoundError, version

try:
    VERSION = version("mustshare-api")
except PackageNotFoundError:  # run from a checkout that was not installed
    VERSION = "0.0.0"
