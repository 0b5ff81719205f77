"""`well match` on the public payments: the promise of precision and share, measured."""

from pathlib import Path

import pytest
from benchmarks.payments import prepare
from benchmarks.score_links import score_files

from well.cli.main import main

DATA = Path(__file__).parents[4] / "shared" / "data" / "matching"


@pytest.mark.slow
@pytest.mark.skipif(not DATA.is_dir(), reason="needs the payments of ../shared/data/matching")
def test_payments_with_300_labels_are_answered_as_promised(tmp_path: Path) -> None:
    prepare(DATA, tmp_path, 7)
    names = ["source.csv", "target.csv", "labels300.csv", "out.jsonl"]
    source, target, shown, out = (str(tmp_path / name) for name in names)
    words = ["--source", source, "--target", target, "--labels", shown, "--one-to-one"]
    assert main(["match", *words, "--out", out]) == 0
    figures = score_files(Path(out), tmp_path / "truth.csv", Path(shown))
    assert figures.share >= 0.95
    assert figures.precision >= 0.999
    assert figures.ece <= 0.03
