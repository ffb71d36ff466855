"""The table that a bench prints, and the goals that it is held against."""

from typing import Any

Figures = dict[str, Any]
CLIENTS = (1, 16, 64)
GOALS = {
    "in clear over Argon2id": 4.0,
    "sealed": 4.0,
    "photo, serving": 20.0,
    "photo, of bare picture": 1.3,
    "memory an upload": 8.0,
}


def judged(found: Figures) -> list[tuple[str, float, float]]:
    """What the goals are about: name, figure, goal."""
    tips_, photo = found["tips"], found["photos"]
    serving = photo["photo"]["serving_ms"]
    in_all = serving + photo["photo"]["worker_ms"] - tips_["floor, 1"]["argon2_ms"]
    memory_ = [one["rss_mib_each"] for one in found["memory"].values()]
    return (
        [
            (
                f"in clear over Argon2id, {n} clients, ms",
                tips_[f"in clear, {n}"]["serving_ms"] - tips_[f"floor, {n}"]["argon2_ms"],
                GOALS["in clear over Argon2id"],
            )
            for n in CLIENTS
        ]
        + [
            (f"sealed, {n} clients, ms", tips_[f"sealed, {n}"]["serving_ms"], GOALS["sealed"])
            for n in CLIENTS
        ]
        + [
            (
                "photo in the serving process over Argon2id, ms",
                serving - tips_["floor, 1"]["argon2_ms"],
                GOALS["photo, serving"],
            ),
            (
                "photo in all over Argon2id, of a bare decode and encode",
                in_all / photo["floor"]["cpu_ms"],
                GOALS["photo, of bare picture"],
            ),
            ("memory of a 30 MB upload, MiB", max(memory_), GOALS["memory an upload"]),
        ]
    )


HEAD = "CPU ms an accepted operation    serving database  worker    per s   p99 ms  shed failed"


def show(found: Figures) -> None:
    """The table."""
    print(HEAD)
    for name, one in [*found["tips"].items(), ("photo, 1", found["photos"]["photo"])]:
        print(f"  {name:28} {_row(one)}")
    picture = found["photos"]
    print(f"  bare decode and encode {picture['floor']['cpu_ms']:14.1f}", end="")
    print(f"   of a file of {picture['file_mb']:.1f} MB")
    for name, one in found["memory"].items():
        parked = f"{one['parked_mib_each']:.1f} MiB parked in memory files"
        print(f"  {name:28} +{one['rss_mib_each']:.1f} MiB RSS each, {parked}")
    for name, one in found["burst"].items():
        figures = "  ".join(f"{what} {figure:.1f}" for what, figure in one.items())
        print(f"  burst of receipts, {name:9} {figures}")
    print("Goals")
    for name, figure, goal in judged(found):
        verdict = "met   " if figure <= goal else "MISSED"
        print(f"  {verdict} {name:58} {figure:7.2f} <= {goal}")


def _row(one: Figures) -> str:
    if "argon2_ms" in one:
        bare = f"of which Argon2id {one['argon2_ms']:.2f}"
        return f"{one['cpu_ms']:10.2f} {bare:24} {one['per_s']:.1f}"
    cpu = f"{one['serving_ms']:10.2f} {one['database_ms']:8.2f} {one['worker_ms']:7.1f}"
    speed = f"{one['per_s']:8.1f} {one['p99_ms']:8.1f}"
    return f"{cpu} {speed} {one['shed']:5.0f} {one['failed']:6.0f}"
