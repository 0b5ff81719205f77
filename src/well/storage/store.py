"""One workspace's durable memory: the port `Store`, on Django.

Invariant: bound to one tenant; every method names it through `scope` and sees nothing of
another. It decides nothing and knows no key.
"""

from contextlib import AbstractContextManager

from well.ports.store import Store
from well.storage.cases import CaseStore
from well.storage.decisions import DecisionStore
from well.storage.documents import DocumentStore
from well.storage.judgements import JudgementStore
from well.storage.layouts import LayoutStore
from well.storage.learning import LearningStore
from well.storage.postings import PostingStore
from well.storage.progress import ProgressStore
from well.storage.records import RecordStore
from well.storage.scope import Tenant, unit
from well.storage.setup import SetupStore
from well.storage.trail import TrailStore


class DjangoStore(
    RecordStore,
    DocumentStore,
    CaseStore,
    PostingStore,
    LayoutStore,
    ProgressStore,
    SetupStore,
    TrailStore,
    DecisionStore,
    JudgementStore,
    LearningStore,
):
    """All parts of the store, for one workspace."""

    @property
    def workspace(self) -> str:
        """Id of the workspace."""
        return self._tenant.workspace

    @property
    def tenant(self) -> Tenant:
        """For read models: `scope.rows(Model, store.tenant)`."""
        return self._tenant

    def unit(self) -> AbstractContextManager[None]:
        """One transaction; an exception undoes it. Not to be held across a network call."""
        return unit(self._tenant)


def as_port(store: DjangoStore) -> Store:
    """The store as the pipeline knows it; here the type checker compares the two."""
    return store
