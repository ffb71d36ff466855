"""A fresh world for every section."""

from tests.doors import stripper  # noqa: F401
from tests.postgres import database, dsn, postgres, template  # noqa: F401
