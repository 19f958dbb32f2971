"""Combine the CRC-32 checksums of parts to the checksum of the whole (RFC 1952, 8).

A checksum is a polynomial over GF(2) modulo `_POLYNOMIAL`, with the coefficient of x^0 in the
highest bit. The checksum of two parts is that of the first one, times x^(8 n), plus that of the
second one, which has n bytes.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import TypeAlias

# The products of a factor and the 16 polynomials of degree below 4, which speed up multiplication.
Multiples: TypeAlias = Sequence[int]

_POLYNOMIAL = 0xEDB88320
_ONE = 0x80000000
_NIBBLES = range(0, 32, 4)


def multiples_for(length: int) -> Multiples:
    """Return the multiples of x^(8 n), the factor for a second part with n bytes."""
    factor, power = _ONE, 0
    while length:
        if length & 1:
            factor = _multiply(factor, _multiples(_square(power)))
        length >>= 1
        power += 1
    return _multiples(factor)


def combine(parts: Iterable[tuple[int, Multiples]]) -> int:
    """Return the checksum of parts in order, each given by its checksum and its `multiples_for`."""
    whole = 0
    for checksum, multiples in parts:
        whole = _multiply(whole, multiples) ^ checksum
    return whole


def _multiply(number: int, multiples: Multiples) -> int:
    # Horner's rule, four coefficients at a time, those of the highest powers first.
    product = 0
    for position in _NIBBLES:
        product = (product >> 4) ^ _REDUCED[product & 15] ^ multiples[(number >> position) & 15]
    return product


@cache
def _square(power: int) -> int:
    """Return x^(8 · 2^power); a length in bytes has few binary digits, so the cache is small."""
    if power == 0:
        return _ONE >> 8
    half = _square(power - 1)
    return _multiply(half, _multiples(half))


def _multiples(factor: int) -> Multiples:
    """Return the multiples of a factor; bit 3 of a position is the coefficient of x^0."""
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


# The four coefficients that a multiplication by x^4 shifts out, as they are modulo the polynomial.
_REDUCED = tuple(_times_x(number, 4) for number in range(16))
