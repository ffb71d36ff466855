"""The composition root: settings become a database, flows and three doors."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Final

from mustshare_api.api import doors
from mustshare_api.api.bodies import Patience
from mustshare_api.api.harden import App
from mustshare_api.api.hosts import ANY_HOST, Hosts
from mustshare_api.api.ready import Ready
from mustshare_api.app.directories import take_up
from mustshare_api.app.server.open_files import parked_files
from mustshare_api.clock import Clock, SystemClock
from mustshare_api.crypto.roots import Roots
from mustshare_api.domain.deadlines import Retention
from mustshare_api.domain.lifecycle import State
from mustshare_api.domain.limits import MEBIBYTE, Limits
from mustshare_api.domain.pressure import Pressure
from mustshare_api.errors import (
    Unavailable,
)
from mustshare_api.flows.audit import AuditLog
from mustshare_api.flows.buckets import EdgeBuckets
from mustshare_api.flows.calendar import Calendar
from mustshare_api.flows.challenging import ChallengeMaker
from mustshare_api.flows.directory import DirectoryKeeper
from mustshare_api.flows.mint import ReceiptMint
from mustshare_api.flows.parking import Parking
from mustshare_api.flows.partners import PartnerDesk
from mustshare_api.flows.plane import Plane
from mustshare_api.flows.standing import Gate
from mustshare_api.flows.stretching import Stretcher
from mustshare_api.flows.turnstile import Turnstile
from mustshare_api.flows.workbench import Workbench
from mustshare_api.media.strip import Stripper
from mustshare_api.settings import Settings
from mustshare_api.store.agencies import AgencyStore
from mustshare_api.store.agency_words import AgencyWordStore
from mustshare_api.store.audit_log import AuditStore
from mustshare_api.store.changes import ChangeStore
from mustshare_api.store.counting import CountingStore
from mustshare_api.store.database import Database, Tuning
from mustshare_api.store.deployments import DeploymentStore
from mustshare_api.store.desk import DeskStore
from mustshare_api.store.directories import DirectoryStore
from mustshare_api.store.dockets import DocketStore
from mustshare_api.store.drafts import DraftStore
from mustshare_api.store.envelopes import EnvelopeStore
from mustshare_api.store.erasures import ErasureStore
from mustshare_api.store.mixing import Mixer
from mustshare_api.store.nonces import NonceStore
from mustshare_api.store.own_webhooks import OwnWebhookStore
from mustshare_api.store.pages import PageStore
from mustshare_api.store.partners import PartnerStore
from mustshare_api.store.plane_figures import FigureStore
from mustshare_api.store.points import PointStore
from mustshare_api.store.published import PublishedStore
from mustshare_api.store.referrals import ReferralStore
from mustshare_api.store.rotations import RotationStore
from mustshare_api.store.seconding import SecondStore
from mustshare_api.store.serial_floor import SerialFloor
from mustshare_api.store.spent import SpentStore
from mustshare_api.store.steps import StepStore
from mustshare_api.store.tips import TipStore
from mustshare_api.store.upkeep import UpkeepStore
from mustshare_api.store.uploads import UploadStore
from mustshare_api.store.webhook_endpoints import EndpointStore
from mustshare_api.store.webhooks import Outbox

BEGINNINGS: Final = 8
"""Sealed tips and uploads begun at one time: half of the database's connections."""

BEGINNING_S: Final = 0.005


@dataclass(frozen=True, slots=True)
class Doors:
    """The three apps."""

    reporter: App
    staff: App
    operator: App


def start_stripper(settings: Settings) -> Stripper:
    """Starts the picture workers; before the event loop, because it forks."""
    return Stripper.start(
        slots=settings.media_slots, best_effort=settings.media_sandbox == "best-effort"
    )


@asynccontextmanager
async def workbench(  # noqa: PLR0913 - a composition root composes
    settings: Settings,
    dsn: str,
    roots: Roots,
    stripper: Stripper,
    clock: Clock | None = None,
    floor: SerialFloor | None = None,
) -> AsyncGenerator[Workbench]:
    """Everything a flow needs, connected; closed again at the end."""
    tuning = Tuning(statement_cache_size=settings.statement_cache)
    database = await Database.connect(dsn, tuning)
    store = DirectoryStore(database)
    keeper = DirectoryKeeper(store, roots, clock or SystemClock(), floor)
    gate = _gate(settings, database, keeper)
    stretcher = Stretcher(settings.receipt_slots, settings.receipt_queue, gate)
    try:
        yield await _assemble(settings, database, stretcher, stripper, keeper)
    finally:
        stretcher.close()
        await database.close()


def _gate(settings: Settings, database: Database, directory: DirectoryKeeper) -> Gate:
    clock = directory.clock
    return Gate(
        clock=clock,
        mint=ReceiptMint(DeploymentStore(database), directory),
        spent=SpentStore(database),
        partners=PartnerStore(database),
        buckets=EdgeBuckets(clock) if settings.edge_buckets == "header" else None,
        asks=settings.challenges == "on",
        pressure=Pressure(),
        maker=ChallengeMaker(clock),
    )


async def _assemble(
    settings: Settings,
    database: Database,
    stretcher: Stretcher,
    stripper: Stripper,
    directory: DirectoryKeeper,
) -> Workbench:
    await take_up(directory)
    gate = stretcher.gate
    bench = Workbench(
        clock=directory.clock,
        calendar=Calendar(UpkeepStore(database)),
        limits=Limits(attachment_bytes=settings.attachment_mib * MEBIBYTE),
        retention=_retention(settings),
        mint=gate.mint,
        tips=TipStore(database),
        envelopes=EnvelopeStore(database),
        changes=ChangeStore(database),
        desk=DeskStore(database),
        uploads=UploadStore(database),
        rotations=RotationStore(database),
        seconds=SecondStore(database),
        steps=StepStore(database),
        erasures=ErasureStore(database),
        nonces=NonceStore(database),
        drafts=DraftStore(database),
        pages=PageStore(database),
        published=PublishedStore(database),
        outbox=Outbox(database),
        endpoints=EndpointStore(database),
        own_webhooks=OwnWebhookStore(database),
        plane=_plane(settings, database, directory),
        counting=CountingStore(database),
        points=PointStore(database),
        directory=directory,
        gate=gate,
        partners=PartnerDesk(gate.partners, directory.clock),
        stretcher=stretcher,
        beginnings=Turnstile(BEGINNINGS, settings.receipt_queue, gate, BEGINNING_S),
        stripper=stripper,
        agencies=AgencyStore(database),
        referrals=ReferralStore(database),
        agency_words=AgencyWordStore(database),
        dockets=DocketStore(database),
        mixer=Mixer(database),
        parking=Parking(settings.upload_memory_mib * MEBIBYTE, parked_files(settings)),
        audit=AuditLog(AuditStore(database), directory),
        webhook_ports=frozenset(settings.webhook_ports),
    )
    await check_deployment(bench)
    return bench


def _plane(settings: Settings, database: Database, directory: DirectoryKeeper) -> Plane:
    """The public plane; its feeds name the first of the names that the service answers to."""
    base = f"https://{settings.hosts[0]}" if settings.hosts else ""
    points = PointStore(database)
    return Plane(
        PublishedStore(database),
        FigureStore(database),
        points,
        directory.clock,
        base,
        lambda: directory.newest.deployment_id.hex() if directory.newest else "",
    )


def _retention(settings: Settings) -> Retention:
    usual = settings.retention_days
    return Retention(
        {
            State.RECEIVED: settings.retention_received_days or usual,
            State.VERIFYING: settings.retention_verifying_days or usual,
            State.PUBLISHED: settings.retention_published_days or usual,
            State.REFERRED: settings.retention_referred_days,
            State.SET_ASIDE: settings.retention_set_aside_days,
            State.CLOSED: settings.retention_closed_days,
        },
        settings.referral_days,
    )


async def check_deployment(bench: Workbench) -> None:
    """That database and directory belong together, where there is a directory yet.

    Raises:
        Misconfigured: they do not.
    """
    try:
        await bench.mint.key()
    except Unavailable:
        return


def open_doors(settings: Settings, bench: Workbench, version: str) -> Doors:
    """The three apps around one workbench."""
    patience = Patience(settings.body_idle_s, settings.body_total_s, settings.stride_s)
    hosts = hosts_of(settings, evaluation=bench.directory.evaluation)
    here, ready = replace(hosts, this_machine=True), Ready.with_pictures()
    return Doors(
        doors.reporter_door(
            bench,
            patience,
            lambda: (*settings.cors_origins, *bench.partners.origins),
            version,
            hosts,
            ready,
        ),
        doors.staff_door(bench, patience, hosts, ready),
        doors.operator_door(bench, patience, here),
    )


def hosts_of(settings: Settings, *, evaluation: bool) -> Hosts:
    """The names that reporter and staff door answer to.

    Without any set, a service for real tips answers to all, since its proxy may already know
    better; an evaluation has no other name than this machine's own.
    """
    if settings.hosts:
        return Hosts.of(settings.hosts)
    if evaluation or settings.roots_file is None:
        return Hosts(this_machine=True)
    return ANY_HOST
