"""One page of the list of supplier invoices, as JSON text.

Invariant: a page is the stored bodies in the asked order, ties broken by age, with the counts of
the moment. Bodies are joined as texts and never parsed, so a page of 100 is cheap.
"""

import sqlite3

from well.sandbox.qonto.filters import Query
from well.sandbox.qonto.wire import Body, dump


def list_page(db: sqlite3.Connection, query: Query) -> str:
    """The whole answer to a list request."""
    counted = f"select count(*) from invoice where {query.condition}"  # noqa: S608 - our own SQL
    total = int(db.execute(counted, query.values).fetchone()[0])
    # Sorted without the bodies, which are large, and then joined with them.
    chosen = (
        f"select seq from invoice where {query.condition}"  # noqa: S608 - our own SQL
        f" order by {query.order} limit ? offset ?"
    )
    rows = db.execute(
        f"select body from invoice where seq in ({chosen}) order by {query.order}",  # noqa: S608
        (*query.values, query.per_page, (query.page - 1) * query.per_page),
    )
    bodies = ",".join(row["body"] for row in rows)
    return f'{{"supplier_invoices":[{bodies}],"meta":{dump(page_meta(query, total))}}}'


def page_meta(query: Query, total: int) -> Body:
    """The paging block; on a last page `next_page` is null or, as observed, absent."""
    pages = -(-total // query.per_page)
    meta: Body = {
        "current_page": query.page,
        "next_page": query.page + 1 if query.page < pages else None,
        "prev_page": query.page - 1 if query.page > 1 else None,
        "total_pages": pages,
        "total_count": total,
        "per_page": query.per_page,
    }
    if meta["next_page"] is None and total % 2:
        del meta["next_page"]
    return meta
