"""The problems that have tests of their own, by the files that they are in."""

ELSEWHERE = {
    # By a wire: test_traps_wire, test_traps.
    "request.too_slow", "request.cut_off", "request.too_large", "internal",
    # By a host that is another's, or octets that are no HTTP: test_http.
    "request.wrong_host", "request.unknown_method", "request.unknown_expectation",
    # By a wire without an app behind it: test_heads.
    "request.target_too_long", "request.header_too_large",
    # By a signed request, or a receipt that is exchanged: test_staff_door, test_rotation.
    "signature.missing", "signature.malformed", "signature.skewed", "signature.unknown_key",
    "signature.invalid", "signature.replayed", "directory.malformed", "directory.rolled_back",
    "directory.too_few_signatures", "directory.other_deployment", "directory.out_of_date",
    "tip.not_found", "tip.rotated", "bundle.malformed", "receipt.not_new",
    "receipt.new_missing", "receipt.follow_ups_changed", "receipt.rotated_often",
    # By what staff do to an object: test_recipients, test_sealed_anew, test_permissions.
    "object.changed", "object.wrong_recipients", "object.wrong_size", "precondition.missing",
    "staff.not_permitted",
    # By a step, and by an officer without a second: test_steps, test_seconding.
    "step.wrong_state", "step.not_for_staff", "tip.changed", "step.unread",
    "second.other_content", "second.not_found",
    # By an officer who confirms what they proposed: test_referrals.
    "second.same_person",
    # By a deed that is not signed, and by an auditor: test_audit.
    "signature.event_missing", "signature.event_invalid", "event.malformed",
    "audit.not_found", "audit.damaged", "checkpoint.forked", "cosignature.malformed",
    "cosignature.wrong_signature", "envelope.wrong_tip", "rotation.wrong_signature",
    # By a tool that syncs: test_desk, test_changes, test_ranges.
    "frames.malformed", "cursor.malformed", "object.bad_range",
    # By a referral and a docket: test_referrals, test_dockets.
    "agency.unknown", "agency.changed", "referral.not_found", "referral.wrong_state",
    "referral.tip_refused", "referral.changed", "referral.not_sealed", "referral.full",
    "docket.changed", "docket.wrong_size", "outcome.unknown",
    # By an object that was sealed wrongly: test_sealed_intake.
    "envelope.malformed", "envelope.not_padded", "envelope.wrong_recipients",
    # By a file in pieces or a form: test_upload_bounds, test_uploads, test_evidence, test_form.
    "choice.malformed", "upload.bad_token", "upload.bad_offset", "upload.past_end",
    "upload.not_found", "upload.wrong_offset", "upload.complete", "upload.in_use",
    "upload.too_many", "form.too_many_photos",
    # By a draft, a page, or a public list: test_drafts, test_pages, test_plane.
    "draft.not_found", "draft.changed", "draft.full", "page.not_found", "page.taken_down",
    "page.hidden_already", "page.stale", "page.slug_taken", "page.slug_changed",
    "page.picture_changed", "page.picture_not_named", "page.content_missing",
    "page.kept_too_short", "page.bad_query",
    # By a certificate or proof: test_certificates.
    "certificate.malformed", "certificate.bad_purpose", "certificate.not_yours",
    "certificate.wrong_proof", "hand_over.unknown_directory", "hand_over.other_deployment",
    "hand_over.unknown_officer", "hand_over.wrong_signature",
    # By a flood, and by a partner's key: test_challenges, test_partner.
    "challenge.required", "challenge.malformed", "challenge.foreign", "challenge.expired",
    "challenge.wrong", "challenge.too_cheap", "challenge.replayed", "challenge.busy",
    "partner.quota_spent",
    "partner.missing", "partner.unknown", "partner.stopped",
    # By a partner with webhooks of its own: test_own_webhooks, and its neighbour.
    "webhook.url_malformed", "webhook.port_refused", "webhook.host_refused",
    "webhook.url_in_use", "webhook.too_many", "webhook.secret_replaced", "webhook.given_up",
    "webhook.unproven", "webhook.changed_too_often",
    # By a code of no place, and by a case without a purchase: test_places.
    "place.not_found", "page.no_purchase",
    # By a campaign, its points, and who reads them elsewhere: test_campaigns, test_points,
    # test_open311.
    "about.malformed", "about.unknown", "campaign.no_map", "campaign.full", "point.outside",
    "point.not_found", "open311.read_only", "open311.bad_query",
    "open311.not_found",
    # The floor of its class, for a code that a later change forgets to name.
    "not_found", "conflict", "unavailable", "message.malformed",
}  # fmt: skip
