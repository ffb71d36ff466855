"""What every test of the store is given."""

import pytest
from tests.postgres import database, dsn, postgres, template

from mustshare_api.store.database import Database
from mustshare_api.store.envelopes import EnvelopeStore
from mustshare_api.store.tips import TipStore

__all__ = ["database", "dsn", "envelopes", "postgres", "template", "tips"]


@pytest.fixture
def tips(database: Database) -> TipStore:
    return TipStore(database)


@pytest.fixture
def envelopes(database: Database) -> EnvelopeStore:
    return EnvelopeStore(database)
