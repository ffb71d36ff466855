"""The doors over a real database."""

from tests.doors import clock, doors, org, stripper  # noqa: F401
from tests.postgres import database, dsn, postgres, template  # noqa: F401
