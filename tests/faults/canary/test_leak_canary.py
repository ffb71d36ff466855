"""The leak canary: marks go in by every route and every error, and are found nowhere after.

Memory is searched a few seconds after the last answer, with idle connections still open: what
requests leave in cycles and caches is overwritten once a second (`app/forgetting.py`).
"""

import json
import os
import time
from collections.abc import Iterator
from http.client import HTTPSConnection
from pathlib import Path

import pytest

from mustshare_api.api.doors import whole_contract
from mustshare_api.app.process.forgetting import EVERY_S
from tests.faults import processes
from tests.faults.canary import (
    auditing,
    campaigning,
    exchanges,
    flooding,
    moving,
    places,
    proofs,
    publishing,
    referring,
    refusals,
    sharing,
    story,
    syncing,
    ways_in,
)
from tests.faults.canary import traffic as ways
from tests.faults.canary.marks import Marks, Search
from tests.faults.canary.traffic import REPORTER, STAFF, Traffic, tip
from tests.faults.conftest import Starter
from tests.faults.processes import Alive
from tests.faults.reporters import JSON
from tests.pictures import drawn, jpegs
from tests.service import SRC, Service

SETTLE_S = 3 * EVERY_S
PLANTED = Path(__file__).with_name("planted")
IMPATIENT = {
    "MUSTSHARE_RECEIPT_SLOTS": "1",
    "MUSTSHARE_RECEIPT_QUEUE": "0",
    "MUSTSHARE_BODY_IDLE_S": "1",
    "MUSTSHARE_CORS_ORIGINS": "https://tip.example",
    # The memory of a process that has locked itself in is shown to root alone.
    "MUSTSHARE_CONFINEMENT": "off" if os.geteuid() else "strict",
    "MUSTSHARE_EDGE_BUCKETS": "header",
}

MET = {
    *("request.bad_json", "request.duplicate_key", "request.invalid_fields"),
    *("request.too_large", "request.too_slow", "request.not_found", "request.wrong_method"),
    *("request.wrong_content_type", "request.bad_retry_key", "request.malformed"),
    *("id.malformed", "id.in_use", "receipt.missing", "receipt.unknown", "receipt.malformed"),
    *("receipt.new_missing", "rotation.wrong_signature"),
    *("receipt.in_use", "receipt.busy", "tip.not_found", "follow_up.not_sealed"),
    *("attachment.not_sealed", "attachment.empty", "attachment.not_found"),
    *("media.unsupported_type", "media.undecodable", "object.not_found"),
    *("envelope.malformed", "envelope.wrong_tip", "envelope.wrong_id"),
    *("directory.malformed", "directory.too_few_signatures", "signature.missing"),
    *("signature.malformed", "signature.skewed", "signature.unknown_key"),
    *("signature.invalid", "signature.replayed", "precondition.missing", "object.changed"),
    *("object.wrong_recipients", "object.wrong_size", "certificate.malformed"),
    *("certificate.not_yours", "certificate.bad_purpose"),
    *("referral.not_sealed", "referral.wrong_state", "agency.unknown", "outcome.unknown"),
    *("partner.missing", "partner.unknown", "partner.stopped"),
}
"""The problems into which the story has to run."""

Place = Iterator[tuple[str, Iterator[bytes]]]


class Aftermath:
    """A service that has been through the story, and everything to look at."""

    def __init__(self, service: Service, since: float) -> None:
        self.service = service
        self.traffic = Traffic(service, Marks())
        self.since = since
        self._held: list[HTTPSConnection] = []

    def _keep_alive(self, door: int) -> HTTPSConnection:
        """A connection that stays open after its answer, as browsers leave them."""
        connection = self.service.connect(door)
        body = tip(self.traffic.marks.text("kept-alive"))
        receipt = {"Authorization": f"Receipt {self.traffic.marks.receipt()}"}
        headers = {**JSON, **self.traffic.telling(), **receipt}
        connection.request("POST", "/v1/tips", body, headers)
        connection.getresponse().read()
        return connection

    def tell(self) -> None:
        """The story, and time for what it left to be overwritten."""
        tell(self.traffic)
        self._held = [self._keep_alive(door) for door in (REPORTER, STAFF)]
        time.sleep(SETTLE_S)

    def close(self) -> None:
        """Hangs up."""
        for connection in self._held:
            connection.close()

    @property
    def family(self) -> list[Alive]:
        """Every process of the service."""
        return processes.family(self.service)

    def places(self) -> dict[str, Place]:
        """Every kind of place."""
        overlap, folder = self.search.overlap, self.service.folder
        return {
            "files": places.files(folder, overlap),
            "temporary files": places.new_temporary_files(self.since, folder, overlap),
            "unlinked files": places.unlinked(self.family, overlap),
            "memory": places.memory(self.family, overlap),
        }

    @property
    def search(self) -> Search:
        """Looks for this run's marks."""
        return Search(self.traffic.marks)


def tell(traffic: Traffic) -> None:
    """Everything, in the order in which it happens."""
    thin = story.thin_reporter(traffic)
    careful = story.careful_reporter(traffic)
    story.photos(traffic, thin)
    large = story.marked_jpeg(traffic, drawn.encoded(story.noise(), "JPEG"))
    ways_in.in_pieces(traffic, thin.headers, large)
    ways_in.documents_and_films(traffic, thin.headers)
    ways_in.by_form(traffic, story.marked_jpeg(traffic, jpegs.plain()))
    for reporter in (thin, careful):
        story.staff_answer(traffic, reporter)
    moving.moving(traffic, thin.tip_id)
    thin, careful = exchanges.thin(traffic, thin), exchanges.careful(traffic, careful)
    for reporter in (thin, careful):
        story.reporter_reads(traffic, reporter)
    syncing.staff_sync(traffic)
    sharing.staff_share(traffic, {thin.tip_id, careful.tip_id})
    auditing.audit(traffic)
    referring.refer(traffic, [thin, careful], 3)
    proofs.proofs(traffic)
    publishing.pages(traffic)
    campaigning.campaigns(traffic)
    story.public_and_operator_routes(traffic)
    flooding.partners(traffic)
    refusals.refusals(traffic, thin, careful)
    ways.every_kind_of_malformed_request(traffic)
    ways.bodies_that_never_end(traffic)
    for reporter in (thin, careful):
        traffic.send(REPORTER, "DELETE", "/v1/tip", headers=reporter.headers)


@pytest.fixture
def aftermath(started: Starter) -> Iterator[Aftermath]:
    """A service that has been through everything."""
    since = time.time() - 1
    found = Aftermath(started(**IMPATIENT), since)
    found.tell()
    yield found
    found.close()


def test_no_mark_is_found_anywhere_after(aftermath: Aftermath) -> None:
    """Nothing of a request is in a file, in the log, in an unlinked inode or in memory."""
    search = aftermath.search
    looked = {what: places.look(place, search) for what, place in aftermath.places().items()}

    assert [hit for one in looked.values() for hit in one.hits] == []
    # A search of nothing finds nothing: the cluster alone is tens of megabytes.
    assert looked["files"].octets > 20e6
    assert looked["memory"].octets > 100e6
    assert {str(one.pid) for one in aftermath.family} == looked["memory"].of_processes
    kinds = ("serve", "media.zygote", "postgres")
    assert all(any(kind in one.what for one in aftermath.family) for kind in kinds)
    missed = routes_of_the_contract() - aftermath.traffic.taken
    assert missed - campaigning.UNANSWERED == set()
    assert MET - aftermath.traffic.refused == set()
    assert set(events_of(aftermath.service)) <= OF_THE_SERVICE


OF_THE_SERVICE = {
    *("service_started", "sandbox_reported", "confinement_reported", "connections_bounded"),
    *("directory_accepted", "directory_refused", "rows_mixed", "memory_hardening_missing"),
    *("database_migrated", "directory_running_out", "tips_expired", "upkeep_failed"),
    "The directory is in force.",  # `mustshare directory`, to its operator
}
"""All that the service has to say meanwhile. A line has an instant, so one of a request would
tell when it came, though no mark stood in it."""


def events_of(service: Service) -> list[str]:
    """What it logged, line by line; a line that is no event is one of its own."""
    lines = service.log.read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["event"] if line[:1] == "{" else line for line in lines]


def routes_of_the_contract() -> set[tuple[str, str, str]]:
    """(Door, method, path with `*` for an id) of every published route."""
    found = set()
    for path, operations in json.loads(whole_contract("any"))["paths"].items():
        shape = "/".join("*" if part.startswith("{") else part for part in path.split("/"))
        for method, operation in operations.items():
            if "operationId" in operation:
                found |= {(tag, method.upper(), shape) for tag in operation["tags"]}
    return found


@pytest.mark.parametrize(
    ("leak", "writing"),
    [
        ("file", "base64"),
        ("log", "mark"),
        ("unlinked", "deflated"),
        ("memory", "UTF-16LE"),
        ("database", "mark"),
    ],
)
def test_a_planted_leak_is_found(started: Starter, leak: str, writing: str) -> None:
    """A text that the service itself lets slip, in another writing each time, is found."""
    confinement = IMPATIENT["MUSTSHARE_CONFINEMENT"]
    path = f"{PLANTED}:{SRC}"
    service = started(PYTHONPATH=path, PLANTED_LEAK=leak, MUSTSHARE_CONFINEMENT=confinement)
    marks = Marks()
    body = tip(marks.text("planted"))
    assert service.request("POST", "/v1/tips", body, JSON).status == 201

    search, (server, *others) = Search(marks), processes.family(service)
    databases = [one for one in others if "postgres" in one.what]
    where = {
        "file": places.files(service.data, search.overlap),
        "log": iter([("log", iter([service.log.read_bytes()]))]),
        "unlinked": places.unlinked([server], search.overlap),
        "memory": places.memory([server], search.overlap),
        "database": places.memory(databases, search.overlap),
    }
    hits = places.look(where[leak], search).hits

    assert [hit for hit in hits if writing in hit], f"the canary is blind: {hits}"
