"""What every test of the store is given."""

import pytest

from mustshare_api.store.database import Database
from mustshare_api.store.envelopes import EnvelopeStore
from mustshare_api.store.tips import TipStore
from tests.postgres import database, dsn, postgres, template
from tests.store.clusters import bare, home, made  # noqa: F401

__all__ = ["database", "dsn", "envelopes", "postgres", "template", "tips"]


@pytest.fixture
def tips(database: Database) -> TipStore:
    return TipStore(database)


@pytest.fixture
def envelopes(database: Database) -> EnvelopeStore:
    return EnvelopeStore(database)
