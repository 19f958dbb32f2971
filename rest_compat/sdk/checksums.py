"""Combine the CRC-32 checksums of parts into the checksum of the whole (RFC 1952, 8).

A checksum is a polynomial over GF(2) modulo `_POLYNOMIAL`. The highest bit is the coefficient of
x^0. Let a be the checksum of a part. Let b be the checksum of the next part, which has n bytes. The
checksum of the concatenated parts is a * x^(8 n) + b.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import TypeAlias

# The products of a factor and all 16 polynomials of degree below 4. The products speed up
# multiplication.
Multiples: TypeAlias = Sequence[int]

_POLYNOMIAL = 0xEDB88320
_ONE = 0x80000000
_NIBBLES = range(0, 32, 4)


def multiples_for(length: int) -> Multiples:
    """Return the multiples of x^(8 n) for a part that is n bytes long."""
    factor, power = _ONE, 0
    while length:
        if length & 1:
            factor = _multiply(factor, _multiples(_square(power)))
        length >>= 1
        power += 1
    return _multiples(factor)


def combine(parts: Iterable[tuple[int, Multiples]]) -> int:
    """Return the checksum of the whole. A part is a checksum and the result of `multiples_for`."""
    whole = 0
    for checksum, multiples in parts:
        whole = _multiply(whole, multiples) ^ checksum
    return whole


def _multiply(number: int, multiples: Multiples) -> int:
    # This is Horner's rule for four coefficients at a time, beginning with the highest powers.
    product = 0
    for position in _NIBBLES:
        product = (product >> 4) ^ _REDUCED[product & 15] ^ multiples[(number >> position) & 15]
    return product


@cache
def _square(power: int) -> int:
    """Return x^(8 · 2^power). The cache stays small, because lengths have few binary digits."""
    if power == 0:
        return _ONE >> 8
    half = _square(power - 1)
    return _multiply(half, _multiples(half))


def _multiples(factor: int) -> Multiples:
    """Return the multiples of a factor. Bit 3 of an index is the coefficient of x^0."""
    multiples = [0] * 16
    for bit in (8, 4, 2, 1):
        multiples[bit] = factor
        factor = _times_x(factor)
    for position in range(16):
        lowest = position & -position
        multiples[position] = multiples[lowest] ^ multiples[position ^ lowest] if position else 0
    return tuple(multiples)


def _times_x(number: int, times: int = 1) -> int:
    for _ in range(times):
        number = (number >> 1) ^ (_POLYNOMIAL if number & 1 else 0)
    return number


# The remainders, modulo `_POLYNOMIAL`, of the coefficients that a multiplication by x^4 shifts out.
_REDUCED = tuple(_times_x(number, 4) for number in range(16))
