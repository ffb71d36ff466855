"""Labels as they are typed: folded, so that one word that looks the same is one label."""

import argparse
from typing import Final

import msgspec

from mustshare_api.domain.desk import Label
from mustshare_api.keytool.inbox.folding import folded
from mustshare_api.keytool.refusal import Refusal

_READER: Final[msgspec.json.Decoder[str]] = msgspec.json.Decoder(Label)


def label_word(text: str) -> str:
    """A label; spaces in it become hyphens.

    Raises:
        argparse.ArgumentTypeError: it has characters that a label cannot have.
    """
    word = folded(text).replace(" ", "-")
    try:
        return _READER.decode(msgspec.json.encode(word))
    except (msgspec.MsgspecError, ValueError):
        raise argparse.ArgumentTypeError(
            "a word of up to 40 letters and digits, Thai or Latin"
        ) from None


def split_labels(typed: str) -> tuple[list[str], list[str]]:
    """The words to put on and to take off in `+one -other third`.

    Raises:
        Refusal: `label.malformed`.
    """
    add: list[str] = []
    remove: list[str] = []
    for each in typed.split():
        try:
            (remove if each.startswith("-") else add).append(label_word(each.lstrip("+-")))
        except argparse.ArgumentTypeError:
            raise Refusal("label.malformed") from None
    return add, remove
