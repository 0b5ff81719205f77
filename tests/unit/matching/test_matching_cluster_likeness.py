"""Couples of names: how many houses a name is seen at, and how many groups share its words."""

from well.matching.clusters.likeness import Couples
from well.matching.clusters.pairs import neighbours
from well.matching.clusters.sightings import Sighting, crowd

FOCH, PAIX, RIVOLI = "12 avenue Foch", "12 rue de la Paix", "12 rue de Rivoli"


def test_the_houses_of_each_name_are_its_own() -> None:
    rows = [Sighting("Siemens", address=FOCH), Sighting("Siemens", address=PAIX)]
    rows += [Sighting("Algolia", address=place) for place in (FOCH, PAIX, RIVOLI)]
    # The houses of a text are told by their number; these three have the same.
    rows += [Sighting("Algolia", address="14 rue de Rivoli")]
    seen = crowd(rows)
    couples = Couples.of(seen, neighbours(seen))
    which, most = couples.spread(seen, ("equal",))
    names = [seen.names[(couples.packed[at] >> 32) - 1].compact for at in which.tolist()]
    assert dict(zip(names, most.tolist(), strict=True)) == {"algolia": 2, "siemens": 1}
