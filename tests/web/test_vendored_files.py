"""The files of others are byte for byte what the list says, and nothing else is served."""

import re
from base64 import b64encode
from hashlib import sha384
from pathlib import Path

import well.web

STATIC = Path(well.web.__file__).parent / "static"
VENDOR = STATIC / "vendor"
ROW = re.compile(r"^\| (\S+) \|.*\| ([A-Za-z0-9+/=]{64}) \|$", re.MULTILINE)


def test_every_vendored_file_has_the_digest_it_is_listed_with() -> None:
    listed = dict(ROW.findall((VENDOR / "README.md").read_text()))
    found = {
        path.name: b64encode(sha384(path.read_bytes()).digest()).decode()
        for path in VENDOR.iterdir()
        if path.name != "README.md"
    }
    assert found == listed


def test_no_static_file_names_another_origin() -> None:
    allowed = ("http://www.w3.org/",)
    for path in STATIC.rglob("*"):
        if path.suffix in (".css", ".svg") or path.name == "page.js":
            for address in re.findall(r"https?://[^\s\"')]+", path.read_text()):
                assert address.startswith(allowed), (path.name, address)


def test_scripts_and_styles_of_our_own_stay_small() -> None:
    own = {path.name: path.stat().st_size for path in (STATIC / "well").iterdir()}
    assert own["page.js"] < 8_000
    assert own["base.css"] + own["review.css"] < 40_000
