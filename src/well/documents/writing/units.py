"""Units of quantities: codes of UN/ECE Recommendation 20, and how the page writes them.

Invariant: an unknown unit stays as it was written, so that validation can name it. Data only.
"""

_WORDS = {
    "C62": ("", ""),
    "H87": ("pcs", "pcs"),
    "HUR": ("h", "h"),
    "MIN": ("min", "min"),
    "DAY": ("d", "j"),
    "WEE": ("wk", "sem."),
    "MON": ("mo.", "mois"),
    "ANN": ("yr", "an"),
    "KGM": ("kg", "kg"),
    "GRM": ("g", "g"),
    "TNE": ("t", "t"),
    "MTR": ("m", "m"),
    "KMT": ("km", "km"),
    "CMT": ("cm", "cm"),
    "MTK": ("m²", "m²"),
    "MTQ": ("m³", "m³"),
    "LTR": ("l", "l"),
    "KWH": ("kWh", "kWh"),
    "LS": ("lump sum", "forfait"),
    "SET": ("set", "lot"),
    "XPP": ("pcs", "pcs"),
    "XBX": ("box", "boîte"),
    "P1": ("%", "%"),
}
_CODES = {
    "unit": "C62",
    "unité": "C62",
    "piece": "H87",
    "pièce": "H87",
    "hour": "HUR",
    "heure": "HUR",
    "day": "DAY",
    "jour": "DAY",
    "week": "WEE",
    "semaine": "WEE",
    "month": "MON",
    "mois": "MON",
    "year": "ANN",
    "an": "ANN",
    "kg": "KGM",
    "g": "GRM",
    "t": "TNE",
    "m": "MTR",
    "km": "KMT",
    "cm": "CMT",
    "m²": "MTK",
    "m2": "MTK",
    "m³": "MTQ",
    "m3": "MTQ",
    "l": "LTR",
    "kwh": "KWH",
    "lump sum": "LS",
    "forfait": "LS",
    "set": "SET",
    "lot": "SET",
    "box": "XBX",
    "pcs": "H87",
    "pc": "H87",
    "pieces": "H87",
    "pièces": "H87",
    "units": "C62",
    "unités": "C62",
    "each": "EA",
    "hours": "HUR",
    "heures": "HUR",
    "h": "HUR",
    "days": "DAY",
    "jours": "DAY",
    "months": "MON",
    "years": "ANN",
    "ans": "ANN",
}


def unit_code(unit: str | None) -> str | None:
    """The code of a unit given as a code or as a plain word."""
    if unit is None or unit in _WORDS:
        return unit
    return _CODES.get(unit.casefold(), unit)


def unit_words(code: str | None, language: str) -> str:
    """How the page writes a unit; a code without a word stands as it is."""
    if code is None:
        return ""
    english, french = _WORDS.get(code, (code, code))
    return french if language == "fr" else english
