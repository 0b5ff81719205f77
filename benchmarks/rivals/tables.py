"""Both files in DuckDB, cleaned as a careful user would, and the pairs worth comparing.

Invariant: every rival for links sees these same columns and pairs, so only their scoring differs.
Cleaning: accents, case and punctuation gone, legal forms dropped from names, identifiers without
blanks, French SIREN and SIRET brought to the SIREN of the VAT id.
"""

from pathlib import Path

import duckdb

FORMS = (
    "gmbh co kg|gmbh|ug haftungsbeschrankt|ag|e k|kg|ohg|sarl|sasu|sas|sa|eurl|sci|snc|s r l s|"
    "s r l|s p a|s n c|s a s|s l u|s l|s a|s coop|holding b v|b v|n v|v o f|srl|bv|nv|sprl|bvba|"
    "ltd|limited|llp|plc|cic"
)
EARLY, LATE = -5, 105
"""Days from the document's date to the entry's that a rule looks at."""
WINDOW = f"r.day - l.day between {EARLY} and {LATE}"
LEDGER_RULES = (
    "l.reference = r.reference",
    f"l.name = r.name and l.amount = r.amount and {WINDOW}",
    f"l.tax_id = r.tax_id and l.amount = r.amount and {WINDOW}",
    f"l.opening = r.opening and l.amount = r.amount and {WINDOW}",
    "l.amount = r.amount and l.currency = r.currency and r.day - l.day between 0 and 50",
)
NEAR = "r.day - l.day between 0 and 60 and r.amount between l.amount * 0.7 and l.amount * 1.3"
PAYMENT_RULES = (
    f"left(l.opening, 3) = left(r.opening, 3) and {NEAR}",
    "l.coarse = r.coarse and r.day - l.day between 0 and 60",
)


def _clean(column: str, kept: str, glue: str) -> str:
    return (
        f"nullif(trim(regexp_replace(strip_accents(lower({column})), '[^{kept}]+', '{glue}', 'g')),"
        " '')"
    )


def _cleaned(path: Path, columns: set[str]) -> str:
    """A query for the file's rows; a column that it lacks is null."""

    def have(name: str) -> str:
        return name if name in columns else "null::varchar"

    text = f"coalesce({have('name')}, {have('memo')})"
    return f"""
        with raw as (select {_clean(text, "a-z0-9", " ")} as plain,
            id as unique_id, {have("amount")} as a, {have("date")} as d,
            {_clean(have("reference"), "a-z0-9", "")} as reference,
            {have("currency")} as currency,
            {_clean(have("tax_id"), "a-z0-9", "")} as tax,
            {_clean(have("iban"), "a-z0-9", "")} as iban,
            nullif({have("domain")}, '') as domain,
            from read_csv('{path}', all_varchar = true, header = true))
        select unique_id, reference, currency, iban, domain,
            regexp_replace(plain, ' ({FORMS})$', '') as name,
            left(plain, 5) as opening, plain,
            try_cast(a as decimal(18, 2)) as amount,
            try_cast(a as decimal(18, 2))::bigint // 100 as coarse,
            datediff('day', date '2000-01-01', try_cast(d as date)) as day,
            case when length(tax) = 14 and tax ~ '^[0-9]+$' then left(tax, 9)
                 when tax ~ '^fr[0-9]{{11}}$' then right(tax, 9) else tax end as tax_id
        from raw"""  # noqa: S608 - a path of the bench


def load(source: Path, target: Path) -> duckdb.DuckDBPyConnection:
    """A connection with the tables `source` and `target`; two threads."""
    connection = duckdb.connect()
    connection.execute("set threads = 2")
    for name, path in (("source", source), ("target", target)):
        with path.open(encoding="utf-8") as file:
            columns = set(file.readline().strip().split(","))
        connection.execute(f"create table {name} as {_cleaned(path, columns)}")
    return connection


def rules(connection: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    """Those for a ledger where documents have references, else those for payments."""
    [(written,)] = connection.execute("select count(reference) from source").fetchall()
    return LEDGER_RULES if written else PAYMENT_RULES


def sources(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """The ids of all documents."""
    found = connection.execute("select unique_id from source order by unique_id").fetchall()
    return [row[0] for row in found]


def pairs(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the table `pairs` (l, r: row numbers), each pair once."""
    joins = " union ".join(
        f"select l.rowid as l, r.rowid as r from source l join target r on {rule}"  # noqa: S608 - our rules
        for rule in rules(connection)
    )
    connection.execute(f"create table pairs as {joins}")
