"""What every test of the store is given."""

import secrets

import pytest

from mustshare_api.store.database import Database
from mustshare_api.store.envelopes import EnvelopeStore
from mustshare_api.store.rows import NewEnvelope
from mustshare_api.store.tips import NewTip, TipStore
from tests.postgres import database, dsn, postgres, template
from tests.store import made as rows_made
from tests.store.clusters import bare, home, made  # noqa: F401
from tests.store.replaced import SIZE

__all__ = ["database", "dsn", "envelopes", "postgres", "template", "tips"]


@pytest.fixture
def tips(database: Database) -> TipStore:
    return TipStore(database)


@pytest.fixture
def envelopes(database: Database) -> EnvelopeStore:
    return EnvelopeStore(database)


@pytest.fixture
async def tip(tips: TipStore) -> NewTip:
    recorded = rows_made.tip()
    await tips.record(recorded, rows_made.envelope(recorded.tip_id))
    return recorded


@pytest.fixture
def file(tip: NewTip) -> NewEnvelope:
    return rows_made.envelope(tip.tip_id, rows_made.FILE_FROM_REPORTER)


@pytest.fixture
async def message(envelopes: EnvelopeStore, tip: NewTip) -> NewEnvelope:
    """An answer of staff."""
    sealed = rows_made.envelope(tip.tip_id, rows_made.FROM_STAFF)
    await envelopes.record_message(sealed, rows_made.addition())
    return sealed


@pytest.fixture
async def kept(envelopes: EnvelopeStore, file: NewEnvelope) -> tuple[NewEnvelope, bytes]:
    """A file of three chunks."""
    octets = secrets.token_bytes(SIZE)
    await envelopes.record_attachment(file, rows_made.pieces(octets), rows_made.addition())
    return file, octets
