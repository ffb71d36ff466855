"""What the checks of the deployment share."""

from tests.postgres import postgres

__all__ = ["postgres"]
