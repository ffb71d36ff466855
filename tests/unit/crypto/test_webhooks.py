"""Both signatures of Standard Webhooks, held against its reference library and its text."""

import base64
import time

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from standardwebhooks import Webhook, WebhookVerificationError

from mustshare_api.crypto import webhooks

SEED = bytes(range(32))
BODY = b'{"type":"case.published"}'
ID = "msg_" + "ab" * 16


def sent(*shared: bytes, at: int | None = None) -> dict[str, str]:
    return webhooks.headers(ID, at or int(time.time()), BODY, shared, SEED)


def test_the_reference_library_takes_the_shared_secret_s_signature() -> None:
    """By the secret in the spelling that a partner is shown."""
    secret = webhooks.new_secret()

    assert Webhook(webhooks.shown_secret(secret)).verify(BODY, sent(secret)) == {
        "type": "case.published"
    }


def test_the_reference_library_refuses_another_secret_and_another_body() -> None:
    secret = webhooks.new_secret()

    with pytest.raises(WebhookVerificationError):
        Webhook(webhooks.shown_secret(webhooks.new_secret())).verify(BODY, sent(secret))
    with pytest.raises(WebhookVerificationError):
        Webhook(webhooks.shown_secret(secret)).verify(BODY + b" ", sent(secret))
    with pytest.raises(WebhookVerificationError):
        Webhook(webhooks.shown_secret(secret)).verify(BODY, sent(secret, at=1_700_000_000))


def test_the_published_example_is_signed_as_it_is_published() -> None:
    """The vector that the standard's implementations have in common, to the octet."""
    secret = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    message_id, body = "msg_p5jXN8AQM9LWM0D4loKWxJek", b'{"test": 2432232314}'
    said = webhooks.headers(message_id, 1614265330, body, [secret], SEED)

    assert said["webhook-id"] == message_id
    assert said["webhook-timestamp"] == "1614265330"
    assert said["webhook-signature"].startswith(
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE= v1a,"
    )


def test_both_secrets_verify_while_one_is_replaced() -> None:
    new, before = webhooks.new_secret(), webhooks.new_secret()

    for secret in (new, before):
        assert Webhook(webhooks.shown_secret(secret)).verify(BODY, sent(new, before))


def test_the_public_key_takes_the_other_signature() -> None:
    """Ed25519 over id, timestamp and body with dots between."""
    headers = sent(webhooks.new_secret())
    shown = webhooks.shown_key(webhooks.public_key(SEED))
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(shown.removeprefix("whpk_")))
    version, code = headers["webhook-signature"].split(" ")[1].split(",")
    signed = f"{ID}.{headers['webhook-timestamp']}.".encode() + BODY

    assert (shown[:5], version) == ("whpk_", "v1a")
    key.verify(base64.b64decode(code), signed)
    with pytest.raises(InvalidSignature):
        key.verify(base64.b64decode(code), signed + b" ")


def test_a_secret_has_the_length_that_the_standard_asks_for() -> None:
    shown = webhooks.shown_secret(webhooks.new_secret())

    assert shown.startswith("whsec_")
    assert 24 <= len(base64.b64decode(shown.removeprefix("whsec_"))) <= 64
