"""How an id travels as JSON: as 32 hexadecimal digits."""

from typing import Annotated

from msgspec import Meta

Id = Annotated[
    str,
    Meta(pattern="^[0-9a-f]{32}$", description="128 random bits, lower-case hexadecimal."),
]
