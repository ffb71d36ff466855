"""What every flow is handed, put together once by `app`."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from mustshare_api.clock import Clock
from mustshare_api.domain.deadlines import Retention
from mustshare_api.domain.limits import Limits
from mustshare_api.domain.outward import HTTPS
from mustshare_api.flows.audit import AuditLog
from mustshare_api.flows.calendar import Calendar
from mustshare_api.flows.directory import DirectoryKeeper
from mustshare_api.flows.mint import ReceiptMint
from mustshare_api.flows.one_by_one import OneByOne
from mustshare_api.flows.parking import Parking
from mustshare_api.flows.partners import PartnerDesk
from mustshare_api.flows.plane import Plane
from mustshare_api.flows.standing import Gate
from mustshare_api.flows.stretching import Stretcher
from mustshare_api.flows.turnstile import Turnstile
from mustshare_api.media.strip import Stripper
from mustshare_api.store.agencies import AgencyStore
from mustshare_api.store.agency_words import AgencyWordStore
from mustshare_api.store.changes import ChangeStore
from mustshare_api.store.counting import CountingStore
from mustshare_api.store.desk import DeskStore
from mustshare_api.store.dockets import DocketStore
from mustshare_api.store.drafts import DraftStore
from mustshare_api.store.envelopes import EnvelopeStore
from mustshare_api.store.erasures import ErasureStore
from mustshare_api.store.mixing import Mixer
from mustshare_api.store.nonces import NonceStore
from mustshare_api.store.own_webhooks import OwnWebhookStore
from mustshare_api.store.pages import PageStore
from mustshare_api.store.points import PointStore
from mustshare_api.store.published import PublishedStore
from mustshare_api.store.referrals import ReferralStore
from mustshare_api.store.rotations import RotationStore
from mustshare_api.store.seconding import SecondStore
from mustshare_api.store.steps import StepStore
from mustshare_api.store.tips import TipStore
from mustshare_api.store.uploads import UploadStore
from mustshare_api.store.webhook_endpoints import EndpointStore
from mustshare_api.store.webhooks import Outbox


@dataclass(frozen=True, slots=True)
class Workbench:
    """The tools of one process.

    `beginnings` is the line of what begins something without a stretch: sealed tips, uploads.
    """

    clock: Clock
    calendar: Calendar
    limits: Limits
    retention: Retention
    mint: ReceiptMint
    tips: TipStore
    envelopes: EnvelopeStore
    changes: ChangeStore
    desk: DeskStore
    uploads: UploadStore
    rotations: RotationStore
    seconds: SecondStore
    steps: StepStore
    erasures: ErasureStore
    nonces: NonceStore
    drafts: DraftStore
    pages: PageStore
    published: PublishedStore
    agencies: AgencyStore
    referrals: ReferralStore
    agency_words: AgencyWordStore
    dockets: DocketStore
    points: PointStore
    plane: Plane
    counting: CountingStore
    outbox: Outbox
    endpoints: EndpointStore
    own_webhooks: OwnWebhookStore
    mixer: Mixer
    directory: DirectoryKeeper
    gate: Gate
    partners: PartnerDesk
    stretcher: Stretcher
    beginnings: Turnstile
    stripper: Stripper
    parking: Parking
    audit: AuditLog
    confinement: Mapping[str, str] = field(default_factory=dict[str, str])
    """Each measure that locks the process in and whether it is in force; empty if off."""

    webhook_ports: frozenset[int] = frozenset({HTTPS})
    """To which partners may have webhooks sent."""

    each_tip: OneByOne = field(default_factory=OneByOne)
    """Begins of uploads on one tip, so that they do not fill that line for all others."""
