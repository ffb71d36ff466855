"""Two officers, connected to the real doors, and reporters who answer a campaign."""

from tests.doors import stripper  # noqa: F401
from tests.keytool.cases.conftest import officers, officers_offline  # noqa: F401
from tests.postgres import dsn, postgres, template  # noqa: F401
