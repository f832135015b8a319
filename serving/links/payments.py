"""Addresses that money is sent to, told from other words by their checksum."""

import re
from collections.abc import Iterator
from functools import reduce
from hashlib import sha256

Found = tuple[str, str, int, int]

BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
#: Checksums of segwit addresses of version 0 (BIP 173) and of later ones (BIP 350).
_SEGWIT = (1, 0x2BC830A3)
#: The first byte of an address: Bitcoin to a key, Bitcoin to a script, Tron.
_COINS = {0x00: "bitcoin", 0x05: "bitcoin", 0x41: "tron"}
_ADDRESS = re.compile(r"(?<!\w)[13T][1-9A-HJ-NP-Za-km-z]{25,34}(?!\w)")
_SEGWIT_ADDRESS = re.compile(r"(?<!\w)bc1[02-9ac-hj-np-z]{11,71}(?!\w)", re.I)
_ETHER = re.compile(r"(?<!\w)0x[0-9a-f]{40}(?!\w)", re.I)
_IBAN = re.compile(r"(?<!\w)[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?!\w)")


def find(raw: str) -> Iterator[Found]:
    """Kind, value, start and end of each address in the raw text (case tells them apart).

    Ethereum addresses have no checksum unless they mix cases, and are taken by their form.
    """
    for match in _ADDRESS.finditer(raw):
        if kind := _coin(match[0]):
            yield kind, match[0], *match.span()
    for match in _SEGWIT_ADDRESS.finditer(raw):
        if _is_segwit(match[0].lower()):
            yield "bitcoin", match[0].lower(), *match.span()
    for match in _ETHER.finditer(raw):
        yield "ethereum", match[0].lower(), *match.span()
    for match in _IBAN.finditer(raw):
        value = match[0].replace(" ", "")
        if _is_iban(value):
            yield "iban", value, *match.span()


def _coin(address: str) -> str | None:
    number = reduce(lambda total, char: total * 58 + BASE58.index(char), address, 0)
    if number.bit_length() > 25 * 8:
        return None
    body, check = number.to_bytes(25, "big")[:21], number.to_bytes(25, "big")[21:]
    return _COINS.get(body[0]) if sha256(sha256(body).digest()).digest()[:4] == check else None


def _is_segwit(address: str) -> bool:
    values = [ord(char) >> 5 for char in "bc"] + [0] + [ord(char) & 31 for char in "bc"]
    check = 1
    for value in values + [_BECH32.index(char) for char in address[3:]]:
        top, check = check >> 25, (check & 0x1FFFFFF) << 5 | value
        for bit, mask in enumerate(_GENERATOR):
            check ^= mask if top >> bit & 1 else 0
    return check == _SEGWIT[address[3] != _BECH32[0]]


def _is_iban(value: str) -> bool:
    turned = value[4:] + value[:4]
    return 15 <= len(value) <= 34 and int("".join(str(int(char, 36)) for char in turned)) % 97 == 1
