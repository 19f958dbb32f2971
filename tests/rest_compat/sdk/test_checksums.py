"""The checksum of a whole is computed from the checksums of its parts."""

from random import Random
from zlib import crc32

import pytest

from rest_compat.sdk.checksums import combine, multiples_for


@pytest.mark.parametrize("seed", range(20))
def test_the_checksum_of_parts_is_that_of_the_whole(seed: int) -> None:
    random = Random(seed)
    parts = [
        random.randbytes(random.choice((0, 1, 2, 3, 15, 16, 17, 255, 256, 4_097, 70_000)))
        for _ in range(random.randrange(12))
    ]

    checksum = combine((crc32(part), multiples_for(len(part))) for part in parts)

    assert checksum == crc32(b"".join(parts))
