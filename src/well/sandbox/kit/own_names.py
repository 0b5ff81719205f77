"""The company's own names and addresses, as every stand-in that reads documents needs them.

Invariant: pure, and never empty where something is needed: an invented default stands in.
"""

from well.sandbox.kit.company import Body


def own_names(company: Body) -> tuple[str, ...]:
    """Names and number of the company, which a reader never takes for a supplier's."""
    names = (company.get(name) for name in ("CompanyName", "LegalName", "EmployerId"))
    return tuple(dict.fromkeys(str(name) for name in names if name))


def email_of(company: Body) -> str:
    """The e-mail address of the company's person, in lower case."""
    known = company.get("Email")
    address = known.get("Address") if isinstance(known, dict) else None
    return str(address or "office@company.example").lower()
