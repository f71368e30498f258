"""Files whole or as they were: under a reader's eyes, after a crash, on a full disk."""

from __future__ import annotations

import gzip
import hashlib
import json
import subprocess
import sys
import threading
from pathlib import Path

import brotli
import pytest

from ausrufer.public.folder import PublicFolder

MANY = "Die Saarstraße ist gesperrt. " * 40


@pytest.fixture
def folder(tmp_path: Path) -> PublicFolder:
    return PublicFolder(tmp_path / "public")


def write(folder: PublicFolder, **files: str) -> None:
    with folder.writing() as writing:
        for name, content in files.items():
            writing.put(f"{name}.html", content)


def in_a_process(code: str, root: Path) -> subprocess.CompletedProcess[str]:
    """What a few lines do with the folder in a process of their own."""
    begin = f"from ausrufer.public.folder import *\nfolder = PublicFolder(Path({str(root)!r}))\n"
    return subprocess.run([sys.executable, "-c", begin + code], capture_output=True, text=True, timeout=30, check=False)


def leftovers(root: Path) -> list[str]:
    return [path.name for path in root.rglob(".*") if path.name != ".lock"]


def agrees_with_disk(root: Path) -> bool:
    """Every listed file lies there as listed, and nothing readable lies there unlisted."""
    files = json.loads((root / "manifest.json").read_bytes())["files"]
    for name, entry in files.items():
        data = (root / name).read_bytes()
        assert entry == {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}, name
    lying = {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file() and path.name[0] != "."}
    return {name.removesuffix(".br").removesuffix(".gz") for name in lying} == {*files, "manifest.json"}


def test_each_text_lies_there_in_three_forms_that_say_the_same(folder: PublicFolder) -> None:
    write(folder, index=MANY)
    place = folder.root / "index.html"
    assert place.read_text() == MANY
    assert brotli.decompress((folder.root / "index.html.br").read_bytes()).decode() == MANY
    assert gzip.decompress((folder.root / "index.html.gz").read_bytes()).decode() == MANY
    assert agrees_with_disk(folder.root)


def test_a_reader_never_sees_half_a_page(folder: PublicFolder) -> None:
    whole = {letter * 200_000 for letter in "abc"}
    write(folder, index="a" * 200_000)
    stop, seen = threading.Event(), []

    def read() -> None:
        while not stop.is_set():
            seen.append((folder.root / "index.html").read_text())
            seen.append(brotli.decompress((folder.root / "index.html.br").read_bytes()).decode())

    reader = threading.Thread(target=read)
    reader.start()
    for letter in "bcabcabc":
        write(folder, index=letter * 200_000)
    stop.set()
    reader.join(10)
    assert len(seen) > 5
    assert set(seen) <= whole


def test_two_processes_write_one_after_the_other(folder: PublicFolder) -> None:
    code = """
import sys
from ausrufer.public.folder import *
for number in range(20):
    with PublicFolder(Path(sys.argv[1])).writing() as writing:
        writing.put(f"{sys.argv[2]}{number}.html", "x" * 500)
"""
    command = [sys.executable, "-c", code, str(folder.root)]
    writers = [subprocess.Popen([*command, name]) for name in ("amira", "clara")]
    assert [writer.wait(30) for writer in writers] == [0, 0]
    assert len(json.loads((folder.root / "manifest.json").read_bytes())["files"]) == 40
    assert agrees_with_disk(folder.root)


def test_a_writer_that_dies_before_renaming_leaves_the_old_pages_whole(folder: PublicFolder) -> None:
    write(folder, index="alt " * 200)
    code = "os.rename = lambda *_: os._exit(9)\nwith folder.writing() as w:\n    w.put('index.html', 'neu ' * 200)"
    assert in_a_process(code, folder.root).returncode == 9
    assert (folder.root / "index.html").read_text() == "alt " * 200
    assert agrees_with_disk(folder.root)
    write(folder, index="neu " * 200)  # the lock died with its holder
    assert (folder.root / "index.html").read_text() == "neu " * 200
    assert leftovers(folder.root) == []


@pytest.mark.parametrize("renamed", range(1, 7))
def test_a_writer_that_dies_between_renames_is_healed_by_the_next(folder: PublicFolder, renamed: int) -> None:
    """Whether the next one writes the new content or the old: all three forms say it afterwards."""
    write(folder, index="alt " * 200, other="alt " * 200)
    code = f"""
count, rename = 0, os.rename
def dying(*names):
    global count
    count += 1
    if count > {renamed}:
        os._exit(9)
    return rename(*names)
os.rename = dying
with folder.writing() as w:
    w.put('index.html', 'neu ' * 200)
    w.put('other.html', 'neu ' * 200)
"""
    assert in_a_process(code, folder.root).returncode == 9
    for text in ("alt " * 200, "neu " * 200):
        write(folder, index=text, other=text)
        for name in ("index.html", "other.html"):
            assert (folder.root / name).read_text() == text
            assert brotli.decompress((folder.root / f"{name}.br").read_bytes()).decode() == text
            assert gzip.decompress((folder.root / f"{name}.gz").read_bytes()).decode() == text
    assert agrees_with_disk(folder.root)


def test_of_a_text_that_became_short_nobody_is_sent_the_long_one(folder: PublicFolder) -> None:
    write(folder, index=MANY)
    assert (folder.root / "index.html.br").exists()
    write(folder, index="Entwarnung.")
    assert sorted(path.name for path in folder.root.glob("index*")) == ["index.html"]


def test_a_feed_is_kept_as_it_is_and_for_gzip_alone(folder: PublicFolder) -> None:
    write(folder, index=MANY)
    (folder.root / "feed.json.br").write_bytes(b"from before the update")
    with folder.writing() as writing:
        writing.put("feed.json", MANY)
    assert sorted(path.name for path in folder.root.glob("feed*")) == ["feed.json", "feed.json.gz"]


def test_what_has_not_changed_is_not_written_again(folder: PublicFolder) -> None:
    write(folder, index=MANY)
    before = {path.name: path.stat().st_ino for path in folder.root.iterdir()}
    write(folder, index=MANY)
    assert {path.name: path.stat().st_ino for path in folder.root.iterdir()} == before


def test_a_file_that_somebody_changed_by_hand_is_put_right(folder: PublicFolder) -> None:
    write(folder, index=MANY)
    (folder.root / "index.html").write_text("Hier war jemand.")
    write(folder, index=MANY)
    assert (folder.root / "index.html").read_text() == MANY


def test_a_manifest_that_cannot_be_read_is_made_anew(folder: PublicFolder) -> None:
    write(folder, index=MANY)
    (folder.root / "manifest.json").write_text('{"files": [')
    write(folder, index=MANY)
    assert agrees_with_disk(folder.root)


def test_a_full_disk_changes_nothing_and_leaves_nothing(folder: PublicFolder) -> None:
    write(folder, index="alt " * 200)
    code = """
import resource, signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))
try:
    with folder.writing() as w:
        w.put('first.html', 'neu ' * 200)
        w.put('index.html', os.urandom(20_000).hex())
except OSError as error:
    print(error.errno)
"""
    assert in_a_process(code, folder.root).stdout == "27\n"
    assert (folder.root / "index.html").read_text() == "alt " * 200
    assert not (folder.root / "first.html").exists()
    assert leftovers(folder.root) == []
    assert agrees_with_disk(folder.root)


def test_taking_away_leaves_no_form_and_no_empty_folder(folder: PublicFolder) -> None:
    with folder.writing() as writing:
        writing.put("b/7k4q2m/index.html", MANY)
        writing.put("index.html", MANY)
    for _ in range(2):
        with folder.writing() as writing:
            writing.remove("b/7k4q2m/index.html")
    assert not (folder.root / "b" / "7k4q2m").exists()
    assert agrees_with_disk(folder.root)


def test_what_killed_writers_left_is_swept_away(folder: PublicFolder) -> None:
    write(folder, index=MANY)
    (folder.root / ".alt.html.new").write_text("halb")
    with folder.writing() as writing:
        writing.sweep()
    assert leftovers(folder.root) == []


def test_a_link_in_the_place_of_a_page_is_replaced_and_never_written_through(folder: PublicFolder) -> None:
    write(folder, index=MANY)
    elsewhere = folder.root.parent / "passwd"
    elsewhere.write_text(MANY)
    (folder.root / "index.html").unlink()
    (folder.root / "index.html").symlink_to(elsewhere)
    (folder.root / ".index.html.new").symlink_to(elsewhere)
    write(folder, index=MANY)  # listed already, and what the link leads to says the same
    assert not (folder.root / "index.html").is_symlink()
    write(folder, index="Anders.")
    assert (folder.root / "index.html").read_text() == "Anders."
    assert elsewhere.read_text() == MANY
    assert leftovers(folder.root) == []


def test_a_folder_may_lie_on_another_disk(folder: PublicFolder, tmp_path: Path) -> None:
    """Emil decides where it lies: only in the place of a file a link is none of ours."""
    (tmp_path / "disk").mkdir()
    folder.root.symlink_to(tmp_path / "disk")
    write(folder, index=MANY)
    assert (tmp_path / "disk" / "index.html").read_text() == MANY
