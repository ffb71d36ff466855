"""The run's database server and picture workers."""

from tests.doors import stripper as stripper
from tests.postgres import postgres as postgres
from tests.postgres import template as template
