"""What other users could change is not executed: which cache folders are used."""

import os
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from errsurf.engine import cache_folder, link
from errsurf.engine.cache_folder import cache_fault, is_saved, load, save, why_not_saved

grp, pwd = pytest.importorskip("grp"), pytest.importorskip("pwd")
NOBODY = 65534
root_only = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache folder two folders below the test's own, with something saved in it."""
    place = tmp_path / "above" / "cache"
    monkeypatch.setenv("ERRSURF_CACHE", str(place))
    monkeypatch.setattr(cache_folder, "_not_saved", [])
    save("something", b"machine code")
    return place


def opened(path: Path, mode: int) -> None:
    path.chmod(mode)


def moved_behind_a_link(folder: Path, mode: int) -> None:
    """The folder lies in another one of this mode, and a symbolic link leads there by way of a second link."""
    other = folder.parents[1] / "other"
    other.mkdir()
    other.chmod(mode)
    folder.rename(other / folder.name)
    (folder.parent / "second").symlink_to(other / folder.name)
    folder.symlink_to("second")


def replaced_by_a_link(folder: Path) -> None:
    folder.rename(folder.with_name("moved"))
    folder.symlink_to("moved")


REFUSED: dict[str, tuple[Callable[[Path], None], str]] = {
    "kernels of all": (lambda cache: opened(cache / "kernels", 0o777), "kernels: other users can write to it"),
    "kernels, sticky": (lambda cache: opened(cache / "kernels", 0o1777), "kernels: other users can write to it"),
    "kernels of a group": (lambda cache: opened(cache / "kernels", 0o770), "kernels: other users can write to it"),
    "kernels by a link": (lambda cache: replaced_by_a_link(cache / "kernels"), "kernels: it is not a folder"),
    "folder of all": (lambda cache: opened(cache, 0o777), "cache: other users can write to it; run `chmod go-w "),
    "folder above of all": (lambda cache: opened(cache.parent, 0o707), "above: other users can write to it"),
    "behind a link": (lambda cache: moved_behind_a_link(cache, 0o777), "other: other users can write to it"),
}


@pytest.mark.parametrize(("change", "reason"), REFUSED.values(), ids=REFUSED)
def test_what_others_can_change_is_not_used(cache: Path, change: Callable[[Path], None], reason: str) -> None:
    change(cache)
    _check_refused(reason)


def _check_refused(reason: str) -> None:
    assert load("something") is None
    assert not is_saved("some")
    assert reason in cache_fault()
    assert cache_fault().endswith("set ERRSURF_CACHE to a folder that only you can write to")
    link._linked.cache_clear()
    assert link.linked("refused", "float64", ("value = 5\n",)).__file__ is None
    assert why_not_saved() == cache_fault()


ACCEPTED: dict[str, Callable[[Path], None]] = {
    "as it was made": lambda _: None,
    "readable": lambda cache: opened(cache / "kernels", 0o755),
    "sticky above": lambda cache: opened(cache.parent, 0o1777),
    "behind a link": lambda cache: moved_behind_a_link(cache, 0o755),
    "behind a link, sticky": lambda cache: moved_behind_a_link(cache, 0o1777),
}


@pytest.mark.parametrize("change", ACCEPTED.values(), ids=ACCEPTED)
def test_what_only_this_user_can_change_is_used(cache: Path, change: Callable[[Path], None]) -> None:
    change(cache)
    assert load("something") == b"machine code"
    assert (cache_fault(), why_not_saved()) == ("", "")


@pytest.mark.parametrize("umask", [0, 0o002, 0o022, 0o077])
def test_new_folders_are_this_users_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, umask: int) -> None:
    monkeypatch.setenv("ERRSURF_CACHE", str(tmp_path / "a" / "b"))
    before = os.umask(umask)
    try:
        save("something", b"machine code")
    finally:
        os.umask(before)
    assert load("something") == b"machine code"
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "a", tmp_path / "a/b/kernels")} == {0o700}


@pytest.mark.parametrize(
    ("group", "members", "private"),
    [("me", [], True), ("me", ["me"], True), ("me", ["me", "you"], False), ("users", [], False), (None, [], False)],
)
def test_a_group_may_write_if_it_is_this_users_alone(
    cache: Path, monkeypatch: pytest.MonkeyPatch, group: str | None, members: list[str], private: bool
) -> None:
    def found(_gid: int) -> SimpleNamespace:
        if group is None:
            raise KeyError
        return SimpleNamespace(gr_name=group, gr_mem=members)

    monkeypatch.setattr(grp, "getgrgid", found)
    monkeypatch.setattr(pwd, "getpwuid", lambda _uid: SimpleNamespace(pw_name="me"))
    cache.parent.chmod(0o775)
    if private:
        assert load("something") == b"machine code"
    else:
        _check_refused("above: other users can write to it")


def test_a_folder_of_another_user_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: NOBODY)
    _check_refused("it belongs to another user")


@root_only
@pytest.mark.parametrize("which", ["", "..", "kernels"])
def test_a_folder_given_to_another_user_is_not_used(cache: Path, which: str) -> None:
    os.chown(cache / which, NOBODY, -1)
    _check_refused("it belongs to another user")


@root_only
def test_a_link_of_another_user_is_not_followed(cache: Path) -> None:
    moved_behind_a_link(cache, 0o755)
    os.chown(cache, NOBODY, -1, follow_symlinks=False)
    _check_refused("cache: it belongs to another user")


def test_steps_back_are_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that is missing, and is made on the way, hides none that comes after it."""
    (tmp_path / "open").mkdir()
    (tmp_path / "open").chmod(0o777)
    monkeypatch.setenv("ERRSURF_CACHE", str(tmp_path / "missing/../open/cache"))
    save("something", b"machine code")
    _check_refused("open: other users can write to it")


def test_links_in_a_circle_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "one").symlink_to("two")
    (tmp_path / "two").symlink_to("one")
    monkeypatch.setenv("ERRSURF_CACHE", str(tmp_path / "one"))
    save("something", b"machine code")
    assert load("something") is None
    assert why_not_saved().startswith(f"kernels are not kept: {tmp_path}")


@pytest.mark.parametrize("make", [os.mkfifo, lambda path: path.symlink_to("/dev/zero"), Path.mkdir])
def test_what_is_no_file_is_not_waited_for_and_is_replaced(cache: Path, make: Callable[[Path], None]) -> None:
    place = cache / "kernels" / "something"
    place.unlink()
    make(place)
    assert load("something") is None
    save("something", b"machine code")
    assert load("something") == (None if place.is_dir() else b"machine code")
