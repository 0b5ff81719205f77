"""Companies that do not exist, with VAT ids and account numbers whose check digits are right.

Invariant: the same random source makes the same company.
"""

from dataclasses import dataclass
from random import Random

from well.documents.reading.check_digits import IBAN_LENGTHS, vat_id_is_valid

_NAMES = {
    "fr": (
        "Menuiserie Aubry",
        "Les Jardins du Lac",
        "Imprimerie Vautrin",
        "Cabinet Roussel",
        "Transports Mercadier",
        "Boulangerie des Halles",
        "Atelier Sonore",
        "Nova Conseil",
    ),
    "de": (
        "Brandt Maschinenbau",
        "Lindner Elektro",
        "Hof am See",
        "Kranich Verlag",
        "Druckhaus Weber",
        "Nordwind Software",
        "Bäckerei Thiele",
        "Voss & Partner",
    ),
    "en": (
        "Harrow & Pike",
        "Blackwater Supplies",
        "Cedar Lane Studios",
        "Penrose Engineering",
        "Fox Hollow Catering",
        "Lumen Analytics",
        "Ashdown Freight",
        "Marlowe Printing",
    ),
    "es": (
        "Carpintería Olmo",
        "Distribuciones Vega",
        "Talleres Ibarra",
        "Gráficas del Norte",
        "Aceites Sierra Alta",
        "Consultores Prado",
        "Viajes Mirador",
        "Electricidad Soto",
    ),
    "it": (
        "Officina Bertoni",
        "Tipografia Aurora",
        "Studio Galli",
        "Arredi Moderni",
        "Autotrasporti Ferri",
        "Pasticceria Conti",
        "Edilizia Lombarda",
        "Vetreria Sole",
    ),
    "nl": (
        "Bakkerij van Dam",
        "De Linde Advies",
        "Houthandel Visser",
        "Drukkerij Maas",
        "Transport Hoekstra",
        "Bloemen Express",
        "Kantoor Totaal",
        "Jansen Installatie",
    ),
}
_FORMS = {
    "FR": ("SARL", "SAS", "SA", "EURL", ""),
    "BE": ("SRL", "SA", "BV"),
    "DE": ("GmbH", "GmbH & Co. KG", "AG", "e.K.", ""),
    "AT": ("GmbH",),
    "GB": ("Ltd", "Limited", "LLP", ""),
    "US": ("Inc.", "LLC", "Corp.", ""),
    "IE": ("Ltd",),
    "ES": ("S.L.", "S.A.", ""),
    "IT": ("S.r.l.", "S.p.A.", "S.n.c.", ""),
    "NL": ("B.V.", "BV", ""),
}
_STREETS = {
    "fr": "{} rue des Tilleuls",
    "de": "Gartenstraße {}",
    "en": "{} Station Road",
    "es": "Calle Mayor, {}",
    "it": "Via Garibaldi {}",
    "nl": "Kerkstraat {}",
}
_TOWNS = {
    "FR": ("69003 Lyon", "44000 Nantes", "75011 Paris"),
    "BE": ("1050 Bruxelles", "4000 Liège"),
    "DE": ("50667 Köln", "04109 Leipzig", "80331 München"),
    "AT": ("1010 Wien",),
    "GB": ("Leeds LS1 4DY", "Bristol BS1 5TR"),
    "US": ("Austin, TX 78701", "Portland, OR 97205"),
    "IE": ("Dublin 2",),
    "ES": ("28013 Madrid", "46002 Valencia"),
    "IT": ("20121 Milano (MI)", "40121 Bologna (BO)"),
    "NL": ("3511 AB Utrecht", "1012 JS Amsterdam"),
}
_VAT = {"FR": 9, "DE": 9, "BE": 9, "IT": 11, "ES": 8, "NL": 9, "AT": 8, "GB": 9, "IE": 7}
COUNTRIES = {
    "fr": ("FR", "FR", "FR", "BE"),
    "de": ("DE", "DE", "DE", "AT"),
    "en": ("GB", "GB", "US", "IE"),
    "es": ("ES",),
    "it": ("IT",),
    "nl": ("NL",),
}


@dataclass(frozen=True, slots=True)
class Party:
    """One company; `vat_id` and `iban` are canonical, "" where its country has none."""

    country: str
    name: str
    street: str
    town: str
    vat_id: str
    iban: str
    second_iban: str
    domain: str


def party(rng: Random, language: str, countries: tuple[str, ...] = ()) -> Party:
    """A company of one of the language's countries."""
    country = rng.choice(countries or COUNTRIES[language])
    base, form = rng.choice(_NAMES[language]), rng.choice(_FORMS[country])
    plain = "".join(char for char in base.lower() if char.isascii() and char.isalpha())
    return Party(
        country,
        f"{base} {form}".strip(),
        _STREETS[language].format(rng.randint(1, 180)),
        rng.choice(_TOWNS[country]),
        vat_id(rng, country),
        iban(rng, country),
        iban(rng, country),
        f"{plain}.{'com' if country in ('US', 'GB') else country.lower()}",
    )


def vat_id(rng: Random, country: str) -> str:
    """A VAT id that passes its country's check; "" where there is none."""
    if country not in _VAT:
        return ""
    while True:
        body = "".join(rng.choices("0123456789", k=_VAT[country]))
        found = country + _shape(rng, country, body)
        if vat_id_is_valid(found) is not False:
            return found


def _shape(rng: Random, country: str, body: str) -> str:
    if country == "FR":
        return f"{(12 + 3 * (int(body) % 97)) % 97:02}{body}"
    shapes = {
        "BE": f"0{body}",
        "ES": f"B{body}",
        "AT": f"U{body}",
        "IE": f"{body}{rng.choice('ABCD')}",
    }
    return f"{body}B0{rng.randint(1, 9)}" if country == "NL" else shapes.get(country, body)


def iban(rng: Random, country: str) -> str:
    """An IBAN with right check digits; "" where the country has none."""
    length = IBAN_LENGTHS.get(country)
    if length is None:
        return ""
    letters = {"GB": "NWBK", "NL": "INGB", "IE": "AIBK", "IT": "X"}.get(country, "")
    body = letters + "".join(rng.choices("0123456789", k=length - 4 - len(letters)))
    number = int("".join(str(int(char, 36)) for char in f"{body}{country}00"))
    return f"{country}{98 - number % 97:02}{body}"
