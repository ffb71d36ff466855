"""Videos and recordings with a mark in every place that their containers have for one."""

import io
import struct
from typing import Any

import av
from av.bitstream import BitStreamFilterContext

from tests.documents.films import box, changed, film, titled, with_box
from tests.pictures import jpegs
from tests.pictures.marks import MARK, TEXT

_av: Any = av
_XMP = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
_C2PA = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
_TRAK, _STBL = "moov/trak", "moov/trak/mdia/minf/stbl"


def words(name: bytes, text: bytes = MARK) -> bytes:
    """A text as QuickTime's user data has it."""
    return box(name, struct.pack("!HH", len(text), 0) + text)


def _udta(*inner: bytes) -> bytes:
    return with_box(film(), "moov", b"udta", b"".join(inner))


def _ilst(name: bytes, octets: bytes = MARK) -> bytes:
    """ITunes' tags."""
    data = box(name, box(b"data", struct.pack("!II", 1, 0) + octets))
    handler = box(b"hdlr", bytes(8) + b"mdirappl" + bytes(10))
    return box(b"meta", bytes(4) + handler + box(b"ilst", data))


def _keys(name: bytes, octets: bytes) -> bytes:
    """Apple's tags, named by words."""
    key = struct.pack("!I4s", 8 + len(name), b"mdta") + name
    keys = box(b"keys", struct.pack("!II", 0, 1) + key)
    item = box(b"\0\0\0\1", box(b"data", struct.pack("!II", 1, 0) + octets))
    handler = box(b"hdlr", bytes(8) + b"mdta" + bytes(13))
    return with_box(film(), "moov", b"meta", handler + keys + box(b"ilst", item))


def _further_track(kind: bytes, entry: bytes) -> bytes:
    """A third track that is neither seen nor heard: positions, motion, time codes."""
    octets = film()
    found: list[bytes] = []

    def note(body: bytes) -> bytes:
        found.append(body)
        return body

    changed(octets, "moov/trak", note)
    with_mark = found[0].replace(b"vide", kind, 1).replace(b"avc1", entry, 1)
    with_mark = with_mark.replace(b"\0\0\0\1", b"\0\0\0\3", 1)
    return with_box(octets, "moov", b"trak", with_mark + box(b"udta", words(b"\xa9nam")))


def _noted_frames() -> bytes:
    """User data in each frame, as cameras that follow a position write it."""
    out = io.BytesIO()
    with _av.open(io.BytesIO(film())) as source, _av.open(out, "w", format="mov") as target:
        given = source.streams.video[0]
        made = target.add_stream_from_template(given)
        note = "086f3693b7b34f2c965321492feee5b8+" + TEXT
        bsf = BitStreamFilterContext(f"h264_metadata=sei_user_data={note}", given, made)
        for packet in source.demux(given):
            for one in bsf.filter(packet if packet.size else None):
                one.stream = made
                target.mux(one)
    return out.getvalue()


def _hdlr(body: bytes) -> bytes:
    return body[:24] + MARK + b"\0"


def _compressor(body: bytes) -> bytes:
    """In the first entry of `stsd`, a name of 31 characters."""
    return body[:58] + bytes([len(MARK)]) + MARK.ljust(31, b"\0") + body[90:]


def _entry_box(body: bytes) -> bytes:
    """One more box in the first entry of `stsd`."""
    more = box(b"mark", MARK)
    return body[:8] + struct.pack("!I", len(body) - 8 + len(more)) + body[12:] + more


def _config(body: bytes) -> bytes:
    """Words behind the parameter sets."""
    at = body.index(b"avcC") - 4
    inner = int.from_bytes(body[at : at + 4], "big")
    grown = struct.pack("!I", inner + len(MARK)) + body[at + 4 : at + inner] + MARK
    whole = body[:at] + grown + body[at + inner :]
    return whole[:8] + struct.pack("!I", len(whole) - 8) + whole[12:]


def _fill_element() -> bytes:
    """A sound frame that begins with a fill element: 15 + 24 - 1 octets of it."""
    from mustshare_api.media.frames import Codec  # noqa: PLC0415
    from mustshare_api.media.mp4_file import Film, Track, header, order  # noqa: PLC0415

    bits = f"{6:03b}{15:04b}{len(MARK) + 1 - 14:08b}{0:04b}{0:04b}"
    bits += "".join(f"{octet:08b}" for octet in MARK) + "111"
    frame = int(bits.ljust(-(-len(bits) // 8) * 8, "0"), 2).to_bytes(-(-len(bits) // 8), "big")
    sounds = [frame] * 3
    track = Track(
        Codec.AAC, b"\x12\x08", 44_100, [len(frame)] * 3, [1024] * 3, [0] * 3, [], channels=1
    )
    whole = Film((track,))
    return header(whole) + b"".join(sounds[n] for _, n in order(whole))


def planted() -> dict[str, tuple[bytes, str | None]]:
    """Hiding place -> (a file with a mark there, the kind that is to be reported)."""
    plain = film()
    at_mdat = plain.index(b"mdat") - 4
    cover = jpegs.with_segments(jpegs.plain(), jpegs.segment(0xFE, MARK))
    chapter = b"\1" + bytes(8) + b"\1" + bytes(8) + bytes([len(MARK)]) + MARK
    place = bytes(7) + b"\1" + box(b"url ", b"\0\0\0\1" + MARK)
    text = {
        b"\xa9nam": "text",
        b"\xa9ART": "author",
        b"\xa9cmt": "comment",
        b"\xa9too": "software",
    }
    return (
        {f"user data {kind}": (_udta(words(name)), kind) for name, kind in text.items()}
        | {f"tag {kind}": (_udta(_ilst(name)), kind) for name, kind in text.items()}
        | {
            "position": (_udta(words(b"\xa9xyz", b"+13.7563+100.5018/" + MARK)), "location"),
            "position of 3gpp": (_udta(box(b"loci", bytes(6) + MARK + bytes(20))), "location"),
            "apple's position": (
                _keys(b"com.apple.quicktime.location.ISO6709", b"+13.7563+100.5018/" + MARK),
                "location",
            ),
            "apple's model": (_keys(b"com.apple.quicktime.model", MARK), "camera"),
            "cover": (_udta(_ilst(b"covr", cover)), "thumbnail"),
            "chapters": (_udta(box(b"chpl", chapter)), "chapter"),
            "xmp": (plain + box(b"uuid", _XMP + b"<x:xmpmeta>" + MARK), "xmp"),
            "xmp in user data": (_udta(box(b"XMP_", b"<x:xmpmeta>" + MARK)), "xmp"),
            "c2pa": (plain + box(b"uuid", _C2PA + MARK), "provenance"),
            "free": (plain + box(b"free", MARK), "other"),
            "free in the film": (with_box(plain, "moov", b"free", MARK), None),
            "free in a track": (with_box(plain, _TRAK, b"free", MARK), None),
            "skip": (plain + box(b"skip", MARK), "other"),
            "unknown box": (plain + box(b"mark", MARK), "other"),
            "unknown box in a table": (with_box(plain, _STBL, b"mark", MARK), None),
            "track's user data": (with_box(plain, _TRAK, b"udta", words(b"\xa9nam")), "text"),
            "handler's name": (changed(plain, "moov/trak/mdia/hdlr", _hdlr), None),
            "compressor's name": (changed(plain, _STBL + "/stsd", _compressor), None),
            "box in an entry": (changed(plain, _STBL + "/stsd", _entry_box), None),
            "behind the parameter sets": (changed(plain, _STBL + "/stsd", _config), None),
            "place of the data": (
                changed(plain, "moov/trak/mdia/minf/dinf/dref", lambda _: place),
                None,
            ),
            "positions' track": (_further_track(b"meta", b"mebx"), "track"),
            "time code's track": (_further_track(b"tmcd", b"tmcd"), "track"),
            "notes in frames": (_noted_frames(), "frame_note"),
            "fill in sound": (_fill_element(), "frame_note"),
            "behind the frames": (changed(plain, "mdat", lambda body: body + MARK), None),
            "second data": (plain + box(b"mdat", MARK), None),
            "second film": (plain + box(b"moov", box(b"udta", words(b"\xa9nam"))), "text"),
            "after the end": (plain + b"\0\0\0\0" + MARK, None),
            "picture after the end": (plain + jpegs.phone(), None),
            "before the data": (_moved(plain, at_mdat), None),
        }
        | _sounds()
    )


def _moved(plain: bytes, at: int) -> bytes:
    """A mark where QuickTime leaves room, and the data's first octets where they were."""
    wide = plain.index(b"wide") - 4
    return (
        plain[:wide]
        + box(b"free", b"")
        + plain[wide + 8 : at]
        + plain[at:]
        + box(b"wide", MARK)
    )


def _sounds() -> dict[str, tuple[bytes, str | None]]:
    mp3 = titled("mp3", None, "libmp3lame", TEXT)
    bare = film("mp3", None, "libmp3lame")
    ape = b"APETAGEX" + struct.pack("<IIII8x", 2000, 32 + len(MARK), 1, 0) + MARK
    picture = jpegs.with_segments(jpegs.plain(), jpegs.segment(0xFE, MARK))
    apic = b"\0image/jpeg\0\3\0" + picture
    frame = b"APIC" + struct.pack("!IH", len(apic), 0) + apic
    size = len(frame)
    tag = b"ID3\3\0\0" + bytes(
        [size >> 21 & 127, size >> 14 & 127, size >> 7 & 127, size & 127]
    )
    return {
        "mp3 id3": (mp3, "text"),
        "mp3 cover": (tag + frame + bare, "thumbnail"),
        "mp3 second id3": (tag + frame + mp3, "thumbnail"),
        "mp3 id3v1": (bare + b"TAG" + MARK.ljust(125, b"\0"), None),
        "mp3 ape": (bare + ape, None),
        "mp3 lame": (_lame(bare), "software"),
        "mp3 between sounds": (_ancillary(bare), None),
        "ogg comments": (titled("ogg", None, "libopus", TEXT), "text"),
        "ogg after the end": (film("ogg", None, "libopus") + MARK, None),
        "m4a tags": (titled("ipod", None, "aac", TEXT), "text"),
        "3gp tags": (titled("3gp", None, "aac", TEXT), None),
    }


def _lame(octets: bytes) -> bytes:
    at = octets.index(b"Lav", octets.index(b"Info"))
    return octets[:at] + MARK + octets[at + len(MARK) :]


def _ancillary(octets: bytes) -> bytes:
    """In the last frame's share that no sound reaches."""
    return octets[: -len(MARK)] + MARK
