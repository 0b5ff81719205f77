"""A workspace's records, files and keys lie in its region's database, and in no other."""

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from uuid import UUID

import pytest

from well.settings import load

LIFE = """
import sys
from datetime import UTC, datetime
import django
django.setup()
from well.cli.main import main
assert main(["migrate", "--quiet"]) == 0
from well.accounts.workspaces import create_workspace
from well.bootstrap import well
from well.domain.document import PDF, Document
from well.domain.flow import Connection, ConnectionState
from well.domain.source_record import Kind, RecordKey, SourceRecord
from well.domain.trail import TrailEvent
from well.ports.grants import Grant
at = datetime(2026, 4, 22, tzinfo=UTC)
for name, region in (("Here", "eu"), ("There", "us")):
    workspace, _ = create_workspace(name, region, name + "@house.example", at)
    store = well().store(str(workspace.id))
    key = RecordKey("books", "bills", "1")
    with store.unit():
        store.save_connection(Connection("books", "qonto", name, "1", ConnectionState.CONNECTED))
        store.keep_records([SourceRecord(key, Kind.SUPPLIER_INVOICE, "d", b"{}", at)], at)
        store.keep_documents([(key, Document("a.pdf", PDF, b"%PDF-1.4 " + name.encode()))])
        store.append([TrailEvent(at, "well", "captured", key.record_id, {})])
    well().grants(str(workspace.id)).put("books", Grant("access", "refresh", at))
    print(region, workspace.id)
"""
HELD = {
    *("connection", "source_record", "document", "document_file"),
    *("trail", "grant_sealed", "workspace_key"),
}


def rows_by_workspace(file: Path) -> dict[str, dict[str, int]]:
    """Of each table that has rows of workspaces, how many each has."""
    found: dict[str, dict[str, int]] = {}
    with closing(sqlite3.connect(file)) as base:
        tables = [
            name for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type='table'")
        ]
        for table in tables:
            columns = {row[1] for row in base.execute(f'PRAGMA table_info("{table}")')}
            if "workspace_id" in columns:
                counted = f'SELECT workspace_id, COUNT(*) FROM "{table}" GROUP BY 1'
                found[table] = dict(base.execute(counted))
    return found


def test_files_of_a_region_that_there_is_not_are_refused(tmp_path: Path) -> None:
    known = {"WELL_DATA": str(tmp_path)}
    assert load(known | {"WELL_FILES": f"eu={tmp_path}"}).files == {"eu": tmp_path}
    assert load(known).files == {}
    with pytest.raises(ValueError, match="WELL_FILES names a region that there is not: mars"):
        load(known | {"WELL_FILES": "mars=/x"})


@pytest.mark.slow
def test_everything_of_a_workspace_lies_in_its_region_and_nothing_in_another(
    tmp_path: Path,
) -> None:
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("WELL_", "DJANGO_"))}
    regions = {name: tmp_path / f"data-{name}.sqlite3" for name in ("eu", "us")}
    env = clean | {
        "DJANGO_SETTINGS_MODULE": "well.django_settings",
        "WELL_DATA": str(tmp_path),
        "WELL_FILES": f"us={tmp_path / 'files-us'}",
        "WELL_REGIONS": " ".join(f"{name}=sqlite:///{file}" for name, file in regions.items()),
    }
    run = subprocess.run(
        [sys.executable, "-c", LIFE],
        env=env,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    ids = dict(line.split() for line in run.stdout.splitlines())
    for name, other in (("eu", "us"), ("us", "eu")):
        tables = rows_by_workspace(regions[name])
        own = {table for table, counted in tables.items() if ids[name] in map(_plain, counted)}
        assert own >= HELD, json.dumps(tables)
        assert not [t for t, counted in tables.items() if ids[other] in map(_plain, counted)]
    folders = {"eu": tmp_path / "files", "us": tmp_path / "files-us"}
    for name, folder in folders.items():
        assert [one.name for one in folder.iterdir()] == [ids[name]]
        assert [file for file in folder.rglob("*") if file.is_file()]
    control = rows_by_workspace(tmp_path / "control.sqlite3")
    assert not HELD & set(control), "the control database has no place for records"


def _plain(workspace: str) -> str:
    return str(UUID(workspace)) if len(workspace) == 32 else workspace
