"""Problems that several routes share."""

from mustshare_api.api.catalogue.flood import IN_LINE

RECEIPT = ("receipt.missing", "receipt.unknown", *IN_LINE)
SEALED = (
    "envelope.malformed",
    "envelope.not_padded",
    "envelope.wrong_kind",
    "envelope.wrong_tip",
    "envelope.wrong_recipients",
    "directory.expired",
    "directory.no_recipients",
    "id.in_use",
    "tip.full",
)

PICTURE = (
    "attachment.empty",
    "attachment.too_large",
    "upload.busy",
    "media.unsupported_type",
    "media.office_document",
    "media.archive",
    "media.drawing",
    "media.web_page",
    "media.mail",
    "media.raw_photo",
    "media.layered_picture",
    "media.unsupported_codec",
    "media.no_documents",
    "media.no_films",
    "media.broken_document",
    "media.locked",
    "media.too_many_pages",
    "media.page_too_large",
    "media.result_too_large",
    "media.broken_film",
    "media.too_long",
    "media.too_large",
    "media.too_many_pixels",
    "media.undecodable",
    "media.animated",
    "media.multi_image",
    "media.timeout",
    "media.busy",
    "media.sandbox_unavailable",
)
"""Of every way in for a picture."""

ATTACHED = (*SEALED, "envelope.wrong_id", "attachment.not_sealed", *PICTURE)
"""Of every way in for a file onto a tip."""

SIGNED = (
    "signature.missing",
    "signature.malformed",
    "signature.skewed",
    "signature.unknown_key",
    "signature.invalid",
    "signature.replayed",
    "staff.not_permitted",
    "directory.missing",
    "directory.expired",
)

SIGNED_DEED = (
    *SIGNED,
    "signature.event_missing",
    "signature.event_invalid",
    "event.malformed",
)
"""Of every request that does something: the audit log has it signed."""

FROM_STAFF = (
    "id.malformed",
    "id.in_use",
    "tip.not_found",
    "tip.full",
    "tip.rotated",
    "envelope.malformed",
    "envelope.not_padded",
    "envelope.wrong_kind",
    "envelope.wrong_tip",
    "envelope.wrong_recipients",
)
"""Of everything that staff add to a tip."""
