"""Builds the three doors: three apps, so that no route can be reached through a wrong one."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from litestar import Litestar
from litestar.handlers import HTTPRouteHandler

from mustshare_api.api import (
    attachments,
    certificates,
    challenges,
    disputes,
    follow_ups,
    operator,
    own_webhooks,
    partner,
    public,
    rotation,
    tips,
    uploads,
    webhooks,
)
from mustshare_api.api.answers import DoorState, door_state
from mustshare_api.api.bodies import Patience
from mustshare_api.api.cors import Cors, Origins
from mustshare_api.api.form import asked
from mustshare_api.api.form import routes as form
from mustshare_api.api.harden import App, harden
from mustshare_api.api.hosts import ANY_HOST, Hosts, check_host
from mustshare_api.api.methods import answer_methods
from mustshare_api.api.openapi import contract
from mustshare_api.api.plane import campaigns as plane_campaigns
from mustshare_api.api.plane import feeds, ocds, open311, places, statistics
from mustshare_api.api.plane import html as plane_html
from mustshare_api.api.plane import pages as plane_pages
from mustshare_api.api.plane.shared import look_first, public_paths
from mustshare_api.api.problems import handle
from mustshare_api.api.ready import Ready, serve_ready
from mustshare_api.api.staff import agency as staff_agency
from mustshare_api.api.staff import audit
from mustshare_api.api.staff import changes as staff_changes
from mustshare_api.api.staff import desk as staff_desk
from mustshare_api.api.staff import dockets as staff_dockets
from mustshare_api.api.staff import drafts as staff_drafts
from mustshare_api.api.staff import erasures as staff_erasures
from mustshare_api.api.staff import pages as staff_pages
from mustshare_api.api.staff import pictures as staff_pictures
from mustshare_api.api.staff import points as staff_points
from mustshare_api.api.staff import recipients as staff_recipients
from mustshare_api.api.staff import referral_words as staff_referral_words
from mustshare_api.api.staff import referrals as staff_referrals
from mustshare_api.api.staff import rotations as staff_rotations
from mustshare_api.api.staff import routes as staff
from mustshare_api.api.staff import steps as staff_steps
from mustshare_api.api.staff import writes as staff_writes
from mustshare_api.api.staff.permissions import require_declared
from mustshare_api.api.staff.signed import signed_guard
from mustshare_api.api.visitors import partner_guard, receive_visitors, tell_networks
from mustshare_api.flows.workbench import Workbench

REPORTER_ROUTES: list[HTTPRouteHandler] = [
    *tips.ROUTES,
    *rotation.ROUTES,
    *follow_ups.ROUTES,
    *disputes.ROUTES,
    *attachments.ROUTES,
    *uploads.ROUTES,
    *form.ROUTES,
    *asked.ROUTES,
    *certificates.ROUTES,
    *challenges.ROUTES,
    *partner.ROUTES,
    *plane_campaigns.ROUTES,
    *open311.ROUTES,
    *plane_pages.ROUTES,
    *feeds.ROUTES,
    *statistics.ROUTES,
    *ocds.ROUTES,
    *places.ROUTES,
    *webhooks.ROUTES,
    *own_webhooks.ROUTES,
    *plane_html.ROUTES,
    *public.ROUTES,
]
STAFF_ROUTES: list[HTTPRouteHandler] = [
    *staff.ROUTES,
    *staff_rotations.ROUTES,
    *staff_recipients.ROUTES,
    *staff_writes.ROUTES,
    *staff_steps.ROUTES,
    *staff_erasures.ROUTES,
    *staff_changes.ROUTES,
    *staff_desk.ROUTES,
    *staff_pictures.ROUTES,
    *staff_points.ROUTES,
    *staff_drafts.ROUTES,
    *staff_pages.ROUTES,
    *staff_dockets.ROUTES,
    *staff_referrals.ROUTES,
    *staff_referral_words.ROUTES,
    *staff_agency.ROUTES,
    *audit.ROUTES,
]
OPERATOR_ROUTES: list[HTTPRouteHandler] = operator.ROUTES


@cache
def whole_contract(version: str) -> bytes:
    """The contract of all three doors."""
    doors = {"reporter": REPORTER_ROUTES, "staff": STAFF_ROUTES, "operator": OPERATOR_ROUTES}
    return contract(doors, version)


def reporter_door(  # noqa: PLR0913 - what a door is made of
    bench: Workbench,
    patience: Patience,
    origins: Origins,
    version: str,
    hosts: Hosts = ANY_HOST,
    ready: Ready | None = None,
) -> App:
    """The door that the Internet sees.

    Args:
        bench: what its flows need.
        patience: how long a body may take.
        origins: those of partners' front ends, exactly.
        version: of this service, for the contract.
        hosts: the names that it answers to.
        ready: where answers are kept ready; the staff door's, so that it can drop some.
    """
    kept = Ready.with_pictures() if ready is None else ready
    public.remember(kept, bench)
    state = DoorState(bench, patience, whole_contract(version), kept)
    is_public = public_paths(REPORTER_ROUTES)
    cors = Cors(origins, is_public)
    app = serve_ready(_app(REPORTER_ROUTES, state, guards=[partner_guard]), kept)
    looked = look_first(app, bench.plane, is_public)
    named = check_host(answer_methods(looked, REPORTER_ROUTES, cors), hosts)
    hardened = harden(receive_visitors(named, bench), "reporter", cors.of_answer)
    return tell_networks(hardened, bench)


def staff_door(
    bench: Workbench, patience: Patience, hosts: Hosts = ANY_HOST, ready: Ready | None = None
) -> App:
    """The door for signed requests only; `ready` is the reporter door's.

    Raises:
        Misconfigured: a route does not say who may use it.
    """
    require_declared(STAFF_ROUTES)
    state = DoorState(bench, patience, b"", Ready() if ready is None else ready)
    app = _app(STAFF_ROUTES, state, guards=[signed_guard])
    return _wrapped(app, "staff", STAFF_ROUTES, hosts)


def operator_door(bench: Workbench, patience: Patience, hosts: Hosts = ANY_HOST) -> App:
    """The door for this machine's operators."""
    app = _app(OPERATOR_ROUTES, DoorState(bench, patience, b"", Ready()))
    return _wrapped(app, "operator", OPERATOR_ROUTES, hosts)


def _wrapped(
    app: App,
    door: str,
    routes: Sequence[HTTPRouteHandler],
    hosts: Hosts,
) -> App:
    """From the inside out: methods, names, and what every answer has to have."""
    return harden(check_host(answer_methods(app, routes), hosts), door)


def _app(routes: Sequence[HTTPRouteHandler], state: DoorState, **more: Any) -> App:  # noqa: ANN401 - Litestar's own options
    app: App = Litestar(
        list(routes),
        state=door_state(state),
        exception_handlers={Exception: handle},
        openapi_config=None,
        logging_config=None,
        request_max_body_size=None,
        # Litestar would take these two from the environment, and show tracebacks to anyone.
        debug=False,
        pdb_on_exception=False,
        **more,
    )
    return app
