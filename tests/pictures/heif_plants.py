"""HEIC files with a mark in every place that the format has for one."""

import struct

from tests.pictures import drawn, exif
from tests.pictures.heifs import (
    SRGB,
    Around,
    Item,
    box,
    built,
    coded,
    full_box,
    ispe,
    nclx,
    picture,
    plain,
    profile,
)
from tests.pictures.jpegs import srgb
from tests.pictures.marks import MARK

XMP = b"<x:xmpmeta>" + MARK + b"</x:xmpmeta>"
GAIN_MAP = b"urn:com:apple:photo:2020:aux:hdrgainmap\0"
DEPTH = b"urn:mpeg:hevc:2015:auxid:2\0"
Planted = dict[str, tuple[bytes, str | None]]


def phone() -> bytes:
    """What a phone sends: position, thumbnail, gain map, profile."""
    return built(picture(colours=profile()), _exif(), _thumbnail(), _aux(GAIN_MAP))


def planted() -> Planted:
    """Hiding place -> (a file with a mark there, the kind that is to be reported)."""
    return _in_items() | _in_pictures() | _in_properties() | _in_boxes()


def _in_items() -> Planted:
    def beside(*items: Item) -> bytes:
        return built(picture(), *items)

    cdsc = ((b"cdsc", (1,)),)
    in_idat = Item(b"Exif", b"\0\0\0\0" + exif.full(), (), cdsc, in_idat=True)
    words = Item(b"mime", MARK, (), cdsc, b"\0text/plain\0")
    return {
        "heic exif": (beside(_exif()), "location"),
        "heic exif in idat": (beside(in_idat), "camera"),
        "heic exif that is none": (
            beside(Item(b"Exif", b"\0\0\0\0" + MARK, (), cdsc)),
            "other",
        ),
        "heic second exif": (beside(Item(b"Exif", b"\0\0\0\0II*\0"), _exif()), "location"),
        "heic xmp": (beside(_xmp()), "xmp"),
        "heic words": (beside(words), "xmp"),
        "heic own item": (beside(Item(b"ABCD", MARK)), "other"),
        "heic uri item": (beside(Item(b"uri ", MARK, (), (), b"\0urn:x\0")), "other"),
        "heic item name": (built(_named(MARK)), None),
        "heic item nobody names": (beside(Item(b"hvc1", MARK)), "second_picture"),
    }


def _in_pictures() -> Planted:
    sei = b"\x4e\x01\x05" + bytes([16 + len(MARK)]) + bytes(16) + MARK + b"\x80"
    nal = struct.pack(">L", len(sei)) + sei
    setup, body = coded("scene")
    first = Item(b"hvc1", nal + body, (box(b"hvcC", setup), ispe(*drawn.SIZE), nclx(*SRGB)))
    array = setup[:22] + bytes([setup[22] + 1]) + setup[23:]
    array += b"\xa7\0\x01" + struct.pack(">H", len(sei)) + sei
    second = picture("other", tail=MARK)
    return {
        "heic thumbnail": (built(picture(), _thumbnail()), "thumbnail"),
        "heic jpeg thumbnail": (
            built(picture(), Item(b"jpeg", MARK, (), ((b"thmb", (1,)),))),
            "thumbnail",
        ),
        "heic depth": (built(picture(), _aux(DEPTH)), "second_picture"),
        "heic gain map": (built(picture(), _aux(GAIN_MAP)), "second_picture"),
        "heic tone map": (
            built(picture(), Item(b"tmap", MARK, (), ((b"dimg", (1,)),))),
            "second_picture",
        ),
        "heic second picture": (built(picture(), second), "second_picture"),
        "heic first picture is not it": (
            built(picture("other", tail=MARK), picture(), primary=2),
            "second_picture",
        ),
        "heic sei": (built(first), None),
        "heic sei in its set-up": (
            built(Item(b"hvc1", body, (box(b"hvcC", array), ispe(*drawn.SIZE), nclx(*SRGB)))),
            None,
        ),
    }


def _in_properties() -> Planted:
    mark = MARK + b"\0"
    described = full_box(b"udes", b"th\0" + mark + mark + mark)
    return {
        "heic profile": (plain(colours=profile(srgb()[:-30] + MARK + b"\0" * 6)), "profile"),
        "heic description": (plain(described), "text"),
        "heic own property": (plain(box(b"ABCD", MARK)), "other"),
        "heic uuid property": (plain(box(b"uuid", MARK)), "other"),
        "heic aux type": (built(picture(), _aux(b"urn:own:" + mark)), "second_picture"),
        "heic property of nobody": (
            built(picture(), around=Around(unowned=(box(b"ABCD", MARK),))),
            "other",
        ),
    }


def _in_boxes() -> Planted:
    def with_after(octets: bytes) -> bytes:
        return built(picture(), around=Around(after=octets))

    return {
        "heic brands": (built(picture(), around=Around(brands=b"mif1" + MARK)), None),
        "heic handler": (built(picture(), around=Around(handler=MARK + b"\0")), None),
        "heic before meta": (
            built(picture(), around=Around(before=box(b"free", MARK))),
            "other",
        ),
        "heic mdat slack": (built(picture(), around=Around(slack=MARK)), None),
        "heic free box": (with_after(box(b"free", MARK)), "other"),
        "heic skip box": (with_after(box(b"skip", MARK)), "other"),
        "heic second mdat": (with_after(box(b"mdat", MARK)), None),
        "heic second meta": (with_after(box(b"meta", MARK)), "trailing_data"),
        "heic udta": (with_after(box(b"udta", MARK)), "trailing_data"),
        "heic motion picture": (with_after(box(b"mpvd", MARK)), "trailing_data"),
        "heic uuid": (with_after(box(b"uuid", MARK)), "provenance"),
        "heic c2pa": (with_after(box(b"jumb", MARK)), "provenance"),
        "heic after the end": (with_after(MARK), "trailing_data"),
        "heic picture after the end": (with_after(phone()), "trailing_data"),
    }


def _exif() -> Item:
    return Item(b"Exif", b"\0\0\0\x06Exif\0\0" + exif.full(), (), ((b"cdsc", (1,)),))


def _xmp() -> Item:
    return Item(b"mime", XMP, (), ((b"cdsc", (1,)),), b"\0application/rdf+xml\0")


def _thumbnail() -> Item:
    return picture("other", references=((b"thmb", (1,)),), tail=MARK)


def _aux(what: bytes) -> Item:
    return picture("mask", full_box(b"auxC", what), references=((b"auxl", (1,)),), tail=MARK)


def _named(name: bytes) -> Item:
    first = picture()
    return Item(first.kind, first.body, first.properties, (), name + b"\0")
