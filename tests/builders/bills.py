"""Bills as the JSON of `well render`, one for each case that a writer must master.

Invariant: everything is made here; the companies do not exist. Each call gives a new object, so
that a test may change it.
"""

from typing import Any

Json = dict[str, Any]

FRENCH_NOTES = [
    {"text": "Indemnité forfaitaire pour frais de recouvrement : 40 €", "subject": "PMT"},
    {"text": "Pénalités de retard : trois fois le taux d’intérêt légal", "subject": "PMD"},
    {"text": "Pas d’escompte pour paiement anticipé", "subject": "AAB"},
]


def french(**changes: Any) -> Json:
    """A French bill that keeps the BR-FR rules: discounts, charges, two rates, a part paid."""
    return {
        "kind": "invoice",
        "invoice_number": "F-2026-17",
        "issue_date": "2026-10-22",
        "due_date": "2026-11-21",
        "currency": "EUR",
        "business_process": "S1",
        "purchase_order": "PO-77",
        "seller_name": "Atelier Dupont SARL",
        "seller_vat_id": "FR40303265045",
        "seller_electronic_address": "303265045",
        "seller_electronic_scheme": "0225",
        "seller_address": {
            "street": "12 rue des Lilas",
            "post_code": "75011",
            "city": "Paris",
            "country": "FR",
        },
        "seller_email": "compta@dupont.example",
        "buyer_name": "Café Médoc SAS",
        "buyer_vat_id": "FR83404833048",
        "buyer_electronic_address": "404833048",
        "buyer_electronic_scheme": "0225",
        "buyer_address": {
            "street": "3 quai des Chartrons",
            "post_code": "33000",
            "city": "Bordeaux",
            "country": "FR",
        },
        "iban": "FR76 3000 6000 0112 3456 7890 189",
        "payment_terms": "30 jours",
        "notes": [dict(note) for note in FRENCH_NOTES],
        "lines": [
            {
                "description": "Conseil",
                "quantity": 10,
                "unit": "HUR",
                "unit_price": "85.00",
                "tax_rate": 20,
                "net_amount": "850.00",
            },
            {
                "description": "Livre « Été à Łódź »",
                "quantity": 3,
                "unit": "C62",
                "unit_price": "12.50",
                "tax_rate": "5.5",
                "allowances": [{"amount": "2.50", "reason": "Remise"}],
            },
        ],
        "allowances": [{"amount": "50.00", "reason": "Remise commerciale", "tax_rate": 20}],
        "charges": [{"amount": "15.00", "reason": "Port", "tax_rate": 20}],
        "prepaid": "100.00",
    } | changes


def german(**changes: Any) -> Json:
    """A plain bill in English between Germany and the Netherlands, six lines at one rate."""
    return {
        "invoice_number": "RE-4711",
        "issue_date": "2026-04-22",
        "due_date": "2026-05-22",
        "currency": "EUR",
        "seller_name": "Müller & Söhne GmbH",
        "seller_vat_id": "DE136695976",
        "seller_address": {"street": "Ring 1", "post_code": "10115", "city": "Berlin"}
        | {"country": "DE"},
        "buyer_name": "De Vries B.V.",
        "buyer_vat_id": "NL123456782B90",
        "buyer_address": {"street": "Gracht 5", "post_code": "1017", "city": "Amsterdam"}
        | {"country": "NL"},
        "iban": "DE89370400440532013000",
        "lines": [
            {
                "description": f"Service {number}",
                "quantity": number,
                "unit": "DAY",
                "unit_price": "100.10",
                "tax_rate": 19,
            }
            for number in range(1, 7)
        ],
    } | changes


def untaxed(category: str, **changes: Any) -> Json:
    """A bill without VAT, for the reason that its category names."""
    bill = german(**changes)
    for line in bill["lines"]:
        line |= {"tax_rate": 0, "tax_category": category}
    return bill


def cases() -> dict[str, Json]:
    """Every case by name; each is complete and right."""
    many = [
        {
            "description": f"Position {n} " + "mit einer längeren Beschreibung " * (n % 7),
            "quantity": n % 9 + 1,
            "unit": "H87",
            "unit_price": f"{n}.37",
            "tax_rate": (19, 7)[n % 2],
        }
        for n in range(200)
    ]
    foreign = {"currency": "USD", "tax_currency": "EUR", "tax_total_accounting": "371.45"}
    earlier = [{"number": "F-2026-16", "issue_date": "2026-09-22"}]
    greek = {"seller_name": "Ελληνικές Εκδόσεις Α.Ε.", "buyer_name": "ООО «Ромашка» Łódź"}
    eastern = {"seller_name": "株式会社サンプル 上海分公司", "buyer_name": "شركة المثال للتجارة"}
    one = {"description": "x", "quantity": 1, "unit": "C62", "unit_price": "10.00", "tax_rate": 19}
    mixed = [one, one | {"tax_rate": 0, "tax_category": "AE"}, one | {"tax_rate": 7}]
    odd = [
        one | {"quantity": 250, "unit_price": "4.20", "price_quantity": 100},
        one | {"unit_price": "-3.00"},
        one | {"quantity": 1000, "unit_price": "0.123456"},
        one | {"quantity": 0},
        one | {"charges": [{"amount": 1, "reason": "Express"}]},
    ]
    outside = {"seller_vat_id": None, "buyer_vat_id": None, "seller_legal_id": "HRB 1"}
    return {
        "mixed": german(lines=mixed),
        "odd_prices": german(lines=odd, allowances=[{"amount": "1.00", "reason": "Rabatt"}]),
        "outside_vat": untaxed("O", **outside),
        "canary_islands": german(lines=[one | {"tax_category": "L", "tax_rate": 7}]),
        "yen": german(currency="JPY", lines=[one | {"unit_price": "1000"}]),
        "french": french(),
        "german": german(),
        "exempt": untaxed("E", exemption_reason="Exempt under article 132 of the directive"),
        "reverse_charge": untaxed("AE"),
        "intra_community": untaxed("K", delivery_date="2026-04-20"),
        "export": untaxed("G", buyer_address={"city": "Boston", "country": "US"}),
        "zero": untaxed("Z"),
        "credit_note": german(kind="credit_note", preceding_invoices=earlier),
        "french_credit_note": french(
            kind="credit_note", preceding_invoices=earlier, prepaid=None, invoice_number="A-1"
        ),
        "foreign_currency": german(**foreign),
        "two_hundred_lines": german(lines=many),
        "greek_and_cyrillic": german(**greek),
        "cjk_and_arabic": german(**eastern),
        "hostile_text": german(seller_name='#panic("x") *b* $x$ @ref <tag> ]] \u202egpj.exe'),
        "long_words": german(note="W" * 400, buyer_name="x" * 300),
        "paid": german(prepaid="2501.50"),
    }
