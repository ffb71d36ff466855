"""The run's database server and picture workers."""

from tests.doors import stripper  # noqa: F401
from tests.postgres import postgres, template  # noqa: F401
