"""Company, tax and bank account numbers with right check digits.

Invariant: what is made here passes the published check of its country. The bodies are invented;
that one of them belongs to a real firm is chance.
"""

from random import Random

from well.sandbox.world.chance import digits

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def luhn_sum(number: str) -> int:
    """The Luhn sum of a digit string (right when divisible by ten)."""
    doubled = [int(d) * (1 + i % 2) for i, d in enumerate(reversed(number))]
    return sum(d // 10 + d % 10 for d in doubled)


def luhn(body: str) -> str:
    """`body` with its Luhn digit."""
    return body + str(-luhn_sum(body + "0") % 10)


def fr_vat(siren: str) -> str:
    """French VAT id of a SIREN: key = (12 + 3 (SIREN mod 97)) mod 97."""
    return f"FR{(12 + 3 * (int(siren) % 97)) % 97:02d}{siren}"


def de_vat(body: str) -> str:
    """German VAT id: eight digits and the ISO 7064 mod 11,10 digit."""
    product = 10
    for digit in body:
        total = (int(digit) + product) % 10 or 10
        product = total * 2 % 11
    return f"DE{body}{(11 - product) % 10}"


def es_vat(body: str) -> str:
    """Spanish VAT id of a limited company: B, seven digits, a Luhn digit."""
    return "ESB" + luhn(body)


def nl_vat(chance: Random) -> str:
    """Dutch VAT id whose nine digits pass the eleven test."""
    while True:
        body = digits(chance, 8)
        check = sum(int(d) * w for d, w in zip(body, range(9, 1, -1), strict=True)) % 11
        if check < 10:
            return f"NL{body}{check}B01"


def ie_vat(body: str) -> str:
    """Irish VAT id: seven digits and a letter by weights 8 to 2 modulo 23."""
    total = sum(int(d) * w for d, w in zip(body, range(8, 1, -1), strict=True))
    return f"IE{body}{'WABCDEFGHIJKLMNOPQRSTUV'[total % 23]}"


def gb_vat(body: str) -> str:
    """British VAT id: seven digits and two by the modulo 97 rule."""
    total = sum(int(d) * w for d, w in zip(body, range(8, 1, -1), strict=True))
    return f"GB{body}{97 - total % 97:02d}"


def be_vat(body: str) -> str:
    """Belgian VAT id: a zero, seven digits and 97 minus their remainder."""
    return f"BE0{body}{97 - int(body) % 97:02d}"


def mod97(text: str) -> int:
    """Remainder by 97 with letters counted as 10 to 35 (ISO 7064)."""
    return int("".join(str(int(c, 36)) for c in text)) % 97


def iban(country: str, account: str) -> str:
    """The IBAN of a national account number."""
    return f"{country}{98 - mod97(account + country + '00'):02d}{account}"


def fr_account(chance: Random) -> str:
    """A French bank account: bank, branch, account and the RIB key."""
    bank, branch, account = digits(chance, 5), digits(chance, 5), digits(chance, 11)
    key = 97 - (89 * int(bank) + 15 * int(branch) + 3 * int(account)) % 97
    return f"{bank}{branch}{account}{key:02d}"


def es_account(chance: Random) -> str:
    """A Spanish bank account with its two control digits."""
    weights = (1, 2, 4, 8, 5, 10, 9, 7, 3, 6)

    def control(ten: str) -> str:
        rest = 11 - sum(int(d) * w for d, w in zip(ten, weights, strict=True)) % 11
        return {10: "1", 11: "0"}.get(rest, str(rest))

    office, account = digits(chance, 8), digits(chance, 10)
    return office + control("00" + office) + control(account) + account


def be_account(chance: Random) -> str:
    """A Belgian bank account with its modulo 97 check."""
    body = digits(chance, 10)
    return f"{body}{int(body) % 97 or 97:02d}"


def _bank_letters(chance: Random) -> str:
    return "".join(chance.choice(LETTERS) for _ in range(4))


def any_iban(country: str, chance: Random) -> str | None:
    """An invented IBAN of `country`, or None where the country has none (US)."""
    if country == "FR":
        return iban("FR", fr_account(chance))
    if country == "ES":
        return iban("ES", es_account(chance))
    if country == "BE":
        return iban("BE", be_account(chance))
    lengths = {"DE": (0, 18), "CH": (0, 17), "NL": (4, 10), "GB": (4, 14), "IE": (4, 14)}
    if country not in lengths:
        return None
    letters, count = lengths[country]
    return iban(country, (_bank_letters(chance) if letters else "") + digits(chance, count))


def tax_ids(country: str, chance: Random) -> tuple[str, str | None]:
    """(company register number, VAT id or None) of an invented company."""
    if country == "FR":
        siren = luhn(digits(chance, 8))
        return siren, fr_vat(siren)
    body = digits(chance, 8)
    seven = body[:7]
    vats = {
        "DE": de_vat(body),
        "ES": es_vat(seven),
        "NL": nl_vat(chance),
        "IE": ie_vat(seven),
        "GB": gb_vat(seven),
        "BE": be_vat(seven),
        "CH": None,
    }
    register = {"DE": f"HRB {seven[:6]}", "US": f"{body[:2]}-{body[1:8]}"}.get(country, body)
    return register, vats.get(country)
