"""The vault: what is sealed opens only in its place and with its keys."""

from pathlib import Path
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from well.vault.cipher import WorkspaceCipher
from well.vault.keyfile import master_key, read_or_make
from well.vault.vault import Vault

OLD, NEW = b"o" * 32, b"n" * 32
words = st.lists(st.text(max_size=8), max_size=4).map(tuple)


class Keys:
    """A key store in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def load(self, workspace: str) -> bytes | None:
        return self.kept.get(workspace)

    def add(self, workspace: str, wrapped: bytes) -> bytes:
        return self.kept.setdefault(workspace, wrapped)

    def replace(self, workspace: str, old: bytes, new: bytes) -> bool:
        if self.kept.get(workspace) != old:
            return False
        self.kept[workspace] = new
        return True

    def drop(self, workspace: str) -> None:
        self.kept.pop(workspace, None)


@given(st.binary(max_size=200), words)
def test_what_is_sealed_opens_in_its_place(plain: bytes, place: tuple[str, ...]) -> None:
    cipher = WorkspaceCipher("ws", b"k" * 32)
    sealed = cipher.seal(plain, *place)
    assert cipher.open(sealed, *place) == plain
    assert cipher.seal(plain, *place) != sealed, "a fresh nonce each time"


@given(words, words)
def test_nothing_opens_in_another_place(place: tuple[str, ...], other: tuple[str, ...]) -> None:
    cipher = WorkspaceCipher("ws", b"k" * 32)
    sealed = cipher.seal(b"plain", *place)
    if place != other:
        with pytest.raises(ValueError, match="does not belong"):
            cipher.open(sealed, *other)


def test_nothing_opens_in_another_workspace_even_with_its_key() -> None:
    sealed = WorkspaceCipher("a", b"k" * 32).seal(b"plain", "row")
    for other in (WorkspaceCipher("b", b"k" * 32), WorkspaceCipher("a", b"j" * 32)):
        with pytest.raises(ValueError, match="does not belong"):
            other.open(sealed, "row")


@given(st.binary(max_size=80))
def test_hostile_bytes_are_refused_with_a_sentence(noise: bytes) -> None:
    with pytest.raises(ValueError, match=r"sealed value"):
        WorkspaceCipher("ws", b"k" * 32).open(noise)


def test_one_changed_bit_anywhere_is_found() -> None:
    cipher = WorkspaceCipher("ws", b"k" * 32)
    sealed = cipher.seal(b"0123456789", "row")
    for place in range(len(sealed)):
        bad = bytearray(sealed)
        bad[place] ^= 1
        with pytest.raises(ValueError, match="sealed value"):
            cipher.open(bytes(bad), "row")


def test_no_two_seals_share_a_nonce() -> None:
    cipher = WorkspaceCipher("ws", b"k" * 32)
    nonces = {cipher.seal(b"")[1:13] for _ in range(5000)}
    assert len(nonces) == 5000


def test_two_processes_that_start_at_once_use_one_key() -> None:
    keys = Keys()
    one, two = Vault(OLD, keys), Vault(OLD, keys)
    assert two.cipher("ws").open(one.cipher("ws").seal(b"x", "row"), "row") == b"x"


def test_workspaces_have_keys_of_their_own() -> None:
    vault = Vault(OLD, Keys())
    with pytest.raises(ValueError, match="does not belong"):
        vault.cipher("b").open(vault.cipher("a").seal(b"x", "row"), "row")


def test_without_the_master_key_nothing_opens() -> None:
    keys = Keys()
    Vault(OLD, keys).cipher("ws")
    with pytest.raises(ValueError, match="another master key"):
        Vault(NEW, keys).cipher("ws")


def test_a_rotation_rewraps_keys_and_reads_go_on() -> None:
    keys = Keys()
    before = Vault(OLD, keys)
    names = [f"ws{n}" for n in range(100)]
    sealed = {name: before.cipher(name).seal(b"x", "row") for name in names}
    renewed = before.rewrap(NEW, [*names[:50], "unknown"])
    for name in names:
        assert before.cipher(name).open(sealed[name], "row") == b"x"
        assert renewed.cipher(name).open(sealed[name], "row") == b"x"
    renewed.rewrap(NEW, names[50:])
    only_new = Vault(NEW, keys)
    assert all(only_new.cipher(name).open(sealed[name], "row") == b"x" for name in names)
    assert "unknown" not in keys.kept


def test_an_erased_workspace_never_opens_again() -> None:
    keys = Keys()
    vault = Vault(OLD, keys)
    sealed = vault.cipher("ws").seal(b"x", "row")
    vault.erase("ws")
    with pytest.raises(ValueError, match="does not belong"):
        vault.cipher("ws").open(sealed, "row")


def test_a_wrapped_key_does_not_open_for_another_workspace() -> None:
    keys = Keys()
    Vault(OLD, keys).cipher("a")
    keys.kept["b"] = keys.kept["a"]
    with pytest.raises(ValueError, match="another master key"):
        Vault(OLD, keys).cipher("b")


def test_a_key_file_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "master.key"
    found: list[str] = []
    threads = [Thread(target=lambda: found.append(read_or_make(path))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert [p.name for p in path.parent.iterdir()] == ["master.key"]


def test_the_master_key_is_32_bytes_in_base64_or_a_sentence(tmp_path: Path) -> None:
    made = master_key("", tmp_path)
    assert len(made) == 32
    assert master_key("", tmp_path) == made
    assert master_key("bW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tbW0=", tmp_path) == b"m" * 32
    for bad in ("short", "é", "bW1t"):
        with pytest.raises(ValueError, match="WELL_MASTER_KEY"):
            master_key(bad, tmp_path)


@pytest.mark.parametrize("master", [b"", b"short", b"x" * 33])
def test_a_master_of_another_length_is_refused(master: bytes) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Vault(master, Keys())
