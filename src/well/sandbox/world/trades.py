"""What suppliers sell: wording of invoice lines, ledger account, usual price and page.

Invariant: every trade has lines in French, English and German. Prices are net, in whole units of
money. Not a chart of accounts: see ledger.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Trade:
    """`account` is the number of the expense account, `price` the usual net range of an invoice."""

    account: str
    price: tuple[int, int]
    fr: tuple[str, ...]
    en: tuple[str, ...]
    de: tuple[str, ...]
    monthly: bool = False
    rate: int = 2000
    layouts: tuple[int, ...] = (0, 1, 2, 3, 4)

    def lines(self, lang: str) -> tuple[str, ...]:
        """The line texts in `lang` ("fr", "en" or "de")."""
        return {"fr": self.fr, "de": self.de}.get(lang, self.en)


TRADES: dict[str, Trade] = {
    "hosting": Trade(
        "6135",
        (40, 900),
        (
            "Hébergement serveurs dédiés",
            "Stockage objet",
            "Sauvegarde quotidienne",
            "Bande passante",
        ),
        ("Dedicated server hosting", "Object storage", "Daily backups", "Egress traffic"),
        ("Hosting dedizierter Server", "Objektspeicher", "Tägliche Sicherung", "Datenverkehr"),
        monthly=True,
        layouts=(0, 3, 5, 8),
    ),
    "telecom": Trade(
        "6262",
        (25, 420),
        ("Abonnement fibre pro", "Forfaits mobiles", "Appels vers fixes", "Option IP fixe"),
        ("Business fibre plan", "Mobile plans", "Calls to landlines", "Static IP option"),
        (
            "Glasfaseranschluss Business",
            "Mobilfunktarife",
            "Anrufe ins Festnetz",
            "Feste IP-Adresse",
        ),
        monthly=True,
        layouts=(7,),
    ),
    "rent": Trade(
        "6132",
        (1200, 5200),
        ("Loyer bureaux", "Provision pour charges", "Place de stationnement"),
        ("Office rent", "Service charge", "Parking space"),
        ("Büromiete", "Nebenkostenvorauszahlung", "Stellplatz"),
        monthly=True,
        layouts=(5, 2),
    ),
    "cleaning": Trade(
        "6155",
        (180, 780),
        ("Nettoyage des locaux", "Vitrerie", "Fournitures sanitaires"),
        ("Office cleaning", "Window cleaning", "Sanitary supplies"),
        ("Büroreinigung", "Fensterreinigung", "Hygieneartikel"),
        monthly=True,
        layouts=(1, 4),
    ),
    "software": Trade(
        "6156",
        (15, 1900),
        ("Licences utilisateurs", "Module recherche", "Support prioritaire"),
        ("User licences", "Search module", "Priority support"),
        ("Benutzerlizenzen", "Suchmodul", "Prioritärer Support"),
        monthly=True,
        layouts=(3, 8, 0, 9),
    ),
    "legal": Trade(
        "6226",
        (450, 7800),
        ("Consultation juridique", "Rédaction de contrats", "Frais de dossier"),
        ("Legal advice", "Drafting of agreements", "Disbursements"),
        ("Rechtsberatung", "Vertragsgestaltung", "Auslagen"),
        layouts=(5,),
    ),
    "marketing": Trade(
        "6231",
        (300, 9600),
        ("Campagne sponsorisée", "Création de visuels", "Pilotage média"),
        ("Sponsored campaign", "Creative work", "Media management"),
        ("Werbekampagne", "Grafikleistungen", "Mediaplanung"),
        layouts=(3, 4, 8, 9),
    ),
    "travel": Trade(
        "6251",
        (18, 640),
        ("Course aéroport", "Nuitée", "Petit-déjeuner"),
        ("Airport transfer", "Hotel night", "Breakfast"),
        ("Flughafentransfer", "Übernachtung", "Frühstück"),
        rate=1000,
        layouts=(6,),
    ),
    "food": Trade(
        "6257",
        (12, 320),
        ("Plateaux repas", "Café en grains", "Corbeille de fruits"),
        ("Lunch trays", "Coffee beans", "Fruit basket"),
        ("Mittagessen", "Kaffeebohnen", "Obstkorb"),
        rate=550,
        layouts=(6, 1),
    ),
    "supplies": Trade(
        "6064",
        (22, 880),
        ("Ramettes papier A4", "Cartouches d'encre", "Classeurs"),
        ("A4 paper reams", "Ink cartridges", "Ring binders"),
        ("Kopierpapier A4", "Druckerpatronen", "Ordner"),
        layouts=(0, 1, 2, 9),
    ),
    "energy": Trade(
        "6061",
        (90, 1250),
        ("Consommation électricité", "Abonnement", "Acheminement"),
        ("Electricity usage", "Standing charge", "Network charge"),
        ("Stromverbrauch", "Grundpreis", "Netzentgelt"),
        layouts=(7,),
    ),
    "printing": Trade(
        "6236",
        (60, 2400),
        ("Impression brochures", "Cartes de visite", "Pelliculage"),
        ("Brochure printing", "Business cards", "Lamination"),
        ("Broschürendruck", "Visitenkarten", "Kaschierung"),
        layouts=(2, 4),
    ),
    "training": Trade(
        "6333",
        (400, 5200),
        ("Formation sécurité", "Atelier équipe", "Supports de cours"),
        ("Safety training", "Team workshop", "Course material"),
        ("Sicherheitsschulung", "Teamworkshop", "Schulungsunterlagen"),
        layouts=(1, 5, 9),
    ),
    "freight": Trade(
        "6241",
        (35, 1600),
        ("Transport palettes", "Surcharge carburant", "Manutention"),
        ("Pallet freight", "Fuel surcharge", "Handling"),
        ("Palettentransport", "Treibstoffzuschlag", "Umschlag"),
        layouts=(0, 2, 8),
    ),
    "consulting": Trade(
        "6228",
        (900, 14000),
        ("Prestation de conseil", "Audit technique", "Atelier de cadrage"),
        ("Consulting services", "Technical audit", "Scoping workshop"),
        ("Beratungsleistungen", "Technisches Audit", "Auftaktworkshop"),
        layouts=(5, 3, 9),
    ),
    "parts": Trade(
        "6022",
        (80, 6400),
        ("Capteurs industriels", "Cartes électroniques", "Câbles blindés"),
        ("Industrial sensors", "Circuit boards", "Shielded cables"),
        ("Industriesensoren", "Leiterplatten", "Geschirmte Kabel"),
        layouts=(0, 4, 8, 9),
    ),
}
MONTHLY = tuple(key for key, trade in TRADES.items() if trade.monthly)
OCCASIONAL = tuple(key for key, trade in TRADES.items() if not trade.monthly)
