"""The doors over a real database."""

from tests.api.kept import kept, reply  # noqa: F401
from tests.api.scene import scene  # noqa: F401
from tests.api.served import dripped, served  # noqa: F401
from tests.doors import clock, doors, org, stripper  # noqa: F401
from tests.postgres import database, dsn, postgres, template  # noqa: F401
