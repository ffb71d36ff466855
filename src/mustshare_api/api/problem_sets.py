"""Problems that several routes share."""

RECEIPT = ("receipt.missing", "receipt.unknown", "receipt.busy")
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

SIGNED = (
    "signature.missing",
    "signature.malformed",
    "signature.skewed",
    "signature.unknown_key",
    "signature.invalid",
    "signature.replayed",
    "directory.missing",
    "directory.expired",
)
