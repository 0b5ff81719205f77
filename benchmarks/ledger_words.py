"""Words that invented firms of seven countries are named with.

Invariant: data only, written here; the order of each tuple is its frequency rank (Zipf). It holds
no real firm, and no word was drawn from the files the matchers are measured on.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Country:
    """What a country's firms are called, and what they charge."""

    code: str
    share: float
    currency: str
    rates: tuple[int, ...]
    """VAT rates in tenths of a percent, the standard one first."""
    forms: tuple[str, ...]
    trades: tuple[str, ...]
    surnames: tuple[str, ...]
    places: tuple[str, ...]
    joined: str
    """What joins two partners' names."""


def _words(text: str) -> tuple[str, ...]:
    """Words apart by spaces; an underscore is a space within one."""
    return tuple(word.replace("_", " ") for word in text.split(" "))


FRANCE = Country(
    "FR",
    0.30,
    "EUR",
    (200, 100, 55),
    ("SARL", "SAS", "SASU", "SA", "EURL", "SCI", "SNC"),
    _words(
        "Services Conseil Bâtiment Transports Distribution Informatique Électricité Immobilier "
        "Plomberie Boulangerie Menuiserie Nettoyage Formation Imprimerie Traiteur Ingénierie "
        "Logistique Peinture Sécurité Location Maçonnerie Garage Pharmacie Optique Jardins "
        "Fournitures Climatisation Télécom Édition Assurances Couverture Cabinet_Médical "
        "Bureau_d'Études Travaux_Publics Frères Négoce Matériaux Énergie Serrurerie"
    ),
    _words(
        "Martin Bernard Dubois Durand Lefèvre Moreau Girard Mercier Lambert Faure Roussel "
        "Blanchard Guérin Chevalier Perrin Fontaine Marchand Lemaître Caron Picard Gauthier "
        "Renaud Besson Hubert Collet Vasseur Prévost Leclercq Delattre Chauvet Barbier Poirier"
    ),
    _words(
        "Paris Lyon Nantes Lille Bordeaux Toulouse Rennes Strasbourg Marseille Grenoble Tours "
        "Angers Dijon Reims Brest Annecy Caen Nîmes Pau Metz Saint-Étienne Vannes Poitiers"
    ),
    "et",
)
GERMANY = Country(
    "DE",
    0.20,
    "EUR",
    (190, 70),
    ("GmbH", "GmbH & Co. KG", "UG (haftungsbeschränkt)", "AG", "e.K.", "KG", "OHG"),
    _words(
        "Bau Elektrotechnik Handel Software Logistik Beratung Immobilien Haustechnik Metallbau "
        "Gebäudereinigung Druckerei Bäckerei Spedition Autohaus Maschinenbau Möbel Sanitär "
        "Dachdeckerei Getränke Werbetechnik Systeme Verlag Büroservice Gartenbau Apotheke "
        "Kältetechnik Werkzeuge Verpackungen Zeitarbeit Messtechnik Tischlerei Energie"
    ),
    _words(
        "Müller Schmidt Schneider Fischer Weber Becker Hoffmann Schäfer Koch Bauer Krüger Wolf "
        "Neumann Schwarz Zimmermann Braun Hartmann Lange Krause Lehmann Köhler Böhm Jäger Groß "
        "Winkler Seidel Brandt Haas Schreiber Dietrich Kühn Pohl Ziegler"
    ),
    _words(
        "Berlin Hamburg München Köln Frankfurt Stuttgart Düsseldorf Leipzig Dresden Nürnberg "
        "Hannover Bremen Essen Dortmund Freiburg Mainz Kassel Augsburg Ulm Würzburg Rostock"
    ),
    "&",
)
ITALY = Country(
    "IT",
    0.13,
    "EUR",
    (220, 100),
    ("S.r.l.", "S.p.A.", "S.n.c.", "S.a.s.", "S.r.l.s."),
    _words(
        "Servizi Costruzioni Trasporti Impianti Immobiliare Consulenza Informatica Alimentari "
        "Arredamenti Officina Forniture Edilizia Elettronica Meccanica Tipografia Logistica "
        "Pulizie Autotrasporti Ristorazione Farmacia Serramenti Idraulica Marmi Ceramiche"
    ),
    _words(
        "Rossi Ferrari Esposito Bianchi Romano Colombo Ricci Marino Greco Bruno Gallo Conti "
        "Mancini Costa Giordano Rizzo Lombardi Moretti Barbieri Fontana Santoro Mariani Rinaldi"
    ),
    _words(
        "Milano Roma Torino Napoli Bologna Firenze Genova Verona Padova Bari Brescia Parma Modena "
        "Bergamo Trieste Perugia Rimini Lecce Udine"
    ),
    "&",
)
SPAIN = Country(
    "ES",
    0.12,
    "EUR",
    (210, 100),
    ("S.L.", "S.A.", "S.L.U.", "S.Coop."),
    _words(
        "Servicios Construcciones Transportes Instalaciones Inmobiliaria Consultoría Informática "
        "Distribuciones Suministros Reformas Asesoría Electricidad Limpiezas Logística Talleres "
        "Ingeniería Panadería Imprenta Seguridad Alimentación Jardinería Carpintería Climatización"
    ),
    _words(
        "García González Rodríguez Fernández López Martínez Sánchez Pérez Gómez Ruiz Díaz Moreno "
        "Muñoz Álvarez Romero Alonso Gutiérrez Navarro Torres Domínguez Vázquez Ramos Gil Serrano"
    ),
    _words(
        "Madrid Barcelona Valencia Sevilla Zaragoza Málaga Bilbao Alicante Córdoba Vigo Gijón "
        "Granada Murcia Oviedo Pamplona Almería Burgos Santander Logroño"
    ),
    "y",
)
NETHERLANDS = Country(
    "NL",
    0.08,
    "EUR",
    (210, 90),
    ("B.V.", "N.V.", "V.O.F.", "Holding B.V."),
    _words(
        "Bouw Advies Transport Techniek Installatie Automatisering Groothandel Vastgoed Schilders "
        "Administratie Logistiek Reclame Schoonmaak Metaal Hoveniers Horeca Interieur Beveiliging"
    ),
    _words(
        "de_Jong Jansen de_Vries van_den_Berg Bakker van_Dijk Visser Smit Meijer de_Boer Mulder "
        "de_Groot Bos Vos Peters Hendriks van_Leeuwen Dekker Brouwer de_Wit Dijkstra Kok"
    ),
    _words(
        "Amsterdam Rotterdam Utrecht Eindhoven Groningen Tilburg Almere Breda Nijmegen Arnhem "
        "Haarlem Zwolle Leiden Maastricht Delft"
    ),
    "en",
)
BELGIUM = Country(
    "BE",
    0.07,
    "EUR",
    (210, 60),
    ("SRL", "BV", "SA", "NV", "SPRL", "BVBA"),
    _words(
        "Informatique Services Consulting Bouwwerken Construct Transport Toitures Chauffage "
        "Elektro Immo Traiteur Garage Interieur Drukkerij Électricité Food Tuinen Logistics"
    ),
    _words(
        "Peeters Janssens Maes Jacobs Mertens Willems Claes Goossens Wouters De_Smet Dubois "
        "Lambert Dupont Martens Van_Damme Hermans Leroy Simon Renard Vermeulen Aerts"
    ),
    _words(
        "Bruxelles Antwerpen Gent Liège Namur Charleroi Leuven Mons Brugge Mechelen "
        "Tournai Hasselt Kortrijk Wavre"
    ),
    "&",
)
BRITAIN = Country(
    "GB",
    0.10,
    "GBP",
    (200, 50),
    ("Ltd", "Limited", "LLP", "PLC", "CIC"),
    _words(
        "Services Consulting Engineering Construction Electrical Logistics Plumbing Catering "
        "Property Cleaning Design Security Print Solutions Systems Roofing Supplies Transport "
        "Training Media Recruitment Landscapes Joinery Heating Motors Foods Packaging Facilities"
    ),
    _words(
        "Smith Jones Taylor Brown Williams Wilson Johnson Davies Robinson Wright Thompson Evans "
        "Walker White Roberts Green Hall Wood Harris Clarke Jackson Turner Hill Cooper Ward Baker"
    ),
    _words(
        "London Manchester Bristol Leeds Birmingham Glasgow Edinburgh Liverpool Sheffield Cardiff "
        "York Oxford Cambridge Norwich Exeter Derby Bath Reading"
    ),
    "&",
)
COUNTRIES = (FRANCE, GERMANY, ITALY, SPAIN, NETHERLANDS, BELGIUM, BRITAIN)

OPENINGS = _words(
    "Al Bel Cor Del Eno Fer Gal Hel Ino Jur Kal Lum Mar Nor Opti Pro Qua Ren Sol Tec Uni Ver Vi "
    "Wes Xen Zen Alto Brio Civi Dyna Evo Flu Gero Inter Log Medi Neo Pol Ros Sen Tra Vol Agri Aqua"
)
MIDDLES = _words("a e i o u ba co da di fa ga li lo ma mi na no pe ra ri ro sa se ta te ti va ve")
ENDINGS = _words(
    "x n s lia tek via nis ra ris lux mat nova phar plan bat net dis gest form port sol tis von "
    "wen zo rex mond care lab tra med print ware"
)
CARD_OPENINGS = ("SUMUP *", "PAYPAL *", "SQ *", "ZETTLE *", "CB ", "CARTE ", "POS ", "EC ")
FREE_MAIL = ("gmail.com", "orange.fr", "gmx.de", "hotmail.com", "libero.it", "yahoo.es")
