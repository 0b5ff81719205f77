"""The organisations behind one sign-in: the company whose books these are, and an empty one.

Invariant: their ids are fixed by the state they live in; the second has no books. It grants
nothing.
"""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from well.sandbox.kit.company import Body
from well.sandbox.kit.state import State
from well.sandbox.world import ledger
from well.sandbox.xero.dates import ticks
from well.sandbox.xero.kinds import guid

SECOND = "Demo Company (FR)"
APPROVED = datetime(2026, 1, 5, 9, tzinfo=UTC)


class Organisations:
    """`named`: tenant id to name, the one with the books first."""

    def __init__(self, state: State) -> None:
        """Their ids are made once."""
        if state.note("tenants") is None:
            with state.transaction():
                state.remember("tenants", f"{uuid4()} {uuid4()}")
        self.main, second = (state.note("tenants") or "").split()
        self.named = {self.main: state.note("company") or "The company", second: SECOND}
        self._made = int(state.note("filled") or 0)

    def connection(self, tenant: str, event: int, client: str) -> Body:
        """One line of /connections; `event` counts the consents."""
        moment = f"{APPROVED + timedelta(minutes=event):%Y-%m-%dT%H:%M:%S}.0000000"
        return {
            "id": guid("Connection", tenant, client),
            "authEventId": guid("AuthEvent", str(event)),
            "tenantId": tenant,
            "tenantType": "ORGANISATION",
            "tenantName": self.named[tenant],
            "createdDateUtc": moment,
            "updatedDateUtc": moment,
        }

    def organisation(self, tenant: str) -> Body:
        """The Organisation body."""
        street, postcode, city, country = ledger.ADDRESS
        address = {
            "AddressType": "POBOX",
            "AddressLine1": street,
            "City": city,
            "PostalCode": postcode,
            "Country": country,
        }
        return {
            "OrganisationID": tenant,
            "Name": self.named[tenant],
            "LegalName": self.named[tenant],
            "PaysTax": True,
            "Version": "GLOBAL",
            "OrganisationType": "COMPANY",
            "BaseCurrency": ledger.HOME,
            "CountryCode": "FR",
            "IsDemoCompany": tenant != self.main,
            "OrganisationStatus": "ACTIVE",
            "RegistrationNumber": ledger.SIREN,
            "TaxNumber": ledger.VAT,
            "FinancialYearEndDay": 31,
            "FinancialYearEndMonth": 12,
            "SalesTaxBasis": "ACCRUALS",
            "SalesTaxPeriod": "MONTHLY",
            "CreatedDateUTC": ticks(self._made),
            "OrganisationEntityType": "COMPANY",
            "Timezone": "ROMANCESTANDARDTIME",
            "ShortCode": "!b7Kd2",
            "Edition": "BUSINESS",
            "Class": "PREMIUM",
            "Addresses": [address],
            "Phones": [],
            "ExternalLinks": [],
        }
