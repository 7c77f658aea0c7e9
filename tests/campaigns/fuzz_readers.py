"""Damaged files for every reader; run by hand, its result is in docs/trust.md.

``python tests/campaigns/fuzz_readers.py READER [inputs] [seed]`` damages what a reader takes (``scenarios``, ``csv``,
``npz``, ``planes``, ``pictures``, ``results``, ``sweeps``, ``translations``, ``links``) and reads it.  Each
input must be read or refused by an error of errsurf, within five seconds of processor time and a gigabyte of memory,
without a write, a process, a connection or code that is run.  What breaks is kept in ``/tmp/fuzz-READER-*``.
"""

import io
import json
import re
import resource
import shutil
import sys
import tempfile
import tomllib
import warnings
from collections import Counter
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from random import Random
from threading import Event
from time import process_time
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent.parent))

import h5py
import matplotlib.font_manager  # noqa: F401 (makes its cache folder now, not while a reader is watched)
import numpy as np
import tomli_w
from mutate_scenarios import SMALL, TEXTS, mutated, prepare, sources

from errsurf import Scenario, open_result, open_sweep, read_scenario, run_scenario, sweep
from errsurf.drawing.lettering.notices import notices
from errsurf.errors import UserError
from errsurf.results.manifest import sorted_names
from errsurf.results.pictures import save_picture
from errsurf.results.resuming import asked_of, check_unchanged
from errsurf.run import checkpoint
from errsurf.run.language import translated
from errsurf.scenario.carried import _BEGIN
from errsurf.surfaces.shared import hdf5
from errsurf.surfaces.shared.measured import Ends, measured
from errsurf.surfaces.shared.npz import npz_text
from errsurf.surfaces.shared.points import InputTarget, points
from errsurf.surfaces.shared.table import csv_columns
from errsurf.sweeps.axes import cells_file
from errsurf.words import said
from errsurf.words.tags import languages_of
from helpers.damaged_bytes import damaged_archive, damaged_bytes
from helpers.guarded import limit_memory, outcome

MEMORY = 1 << 30
RUN = SMALL[3].partition("[picture]")[0].replace('kind = "sgd"', 'kind = "sgd"\nlabel = "a $x^2$ b"')
TRANSLATED = """
[[claim]]
says = "it comes down"
statistic = "train_loss"
group = "a"
below = 5.0
[[translation]]
lang = "zh"
title = "标题"
about = "说明"
caption = "一句话"
labels = ["甲"]
says = ["下降"]
[[translation]]
lang = "pt-BR"
title = "título"
labels = ["á"]
"""


class Reader(NamedTuple):
    """``damaged`` gives the files of an input, in a folder that has sound ones; ``read`` reads them in every way."""

    damaged: Callable[[Random], Mapping[str, bytes]]
    read: tuple[Callable[[], object], ...]


def _files(folder: Path, *patterns: str) -> dict[str, bytes]:
    found = [file for pattern in patterns for file in folder.rglob(pattern) if file.is_file()]
    return {str(file.relative_to(folder)): file.read_bytes() for file in sorted(found)}


def _some(random: Random, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """One or two of these files, damaged."""
    names = random.sample(list(files), min(len(files), random.choice((1, 1, 2))))
    return {name: damaged_bytes(random, files[name], list(files.values()), near=(0,)) for name in names}


def scenarios(folder: Path) -> Reader:
    """Scenario files: mutated as tables or as bytes."""
    prepare(folder)
    texts = sources()

    def damaged(random: Random) -> dict[str, bytes]:
        text = random.choice(texts)
        if random.random() < 0.6:
            return {"a.toml": mutated(random, text).encode("utf-8", "replace")}
        return {"a.toml": damaged_bytes(random, text.encode(), [each.encode() for each in texts])}

    return Reader(damaged, (lambda: read_scenario(folder / "a.toml"),))


def csv(folder: Path) -> Reader:
    """Tables of examples, and cells of a sweep."""
    rows = "".join(f"{k},{k / 7},{-k}e-3,text\n" for k in range(30))
    sound = (
        f"a,input,target,b\n{rows}".encode(),
        b'\xef\xbb\xbf"input","target"\r\n1,"2"\r\n"3",4\r\n',
        b"a;input;target\n1.234,5;2;1 000\n1.500;,5;-3,25e1\n2;1,500;2\n",
        b"a\tinput\ttarget\n1,234.5\t2\t\n1,500\t0.5\tNA\n",
        b"optimizer.lr,optimizer.batch,seed\n0.1,full,1\n0.2,4,2\n",
        b'optimizer.betas,run.epochs\n"[0.9, 0.99]",5\n,6\n',
    )
    file = folder / "a.csv"
    reads = (
        lambda: csv_columns(file, ("input", "target")),
        lambda: csv_columns(file, ("a",)),
        lambda: points(str(file), InputTarget("a", "b")),
        lambda: cells_file(file),
    )
    return Reader(lambda random: {"a.csv": damaged_bytes(random, random.choice(sound), sound)}, reads)


def npz(folder: Path) -> Reader:
    """Arrays of measured losses, damaged behind a right checksum or as they are."""
    axis, losses = np.linspace(-1, 1, 6), np.ones((2, 6, 6))
    sound = []
    for save, kind in ((np.savez, np.float64), (np.savez_compressed, np.float32), (np.savez, np.int32)):
        made = io.BytesIO()
        save(made, x=axis, y=axis, loss=losses.astype(kind), x_name=np.array("width"))
        sound.append(made.getvalue())

    def damaged(random: Random) -> dict[str, bytes]:
        content = random.choice(sound)
        if random.random() < 0.6:
            return {"a.npz": damaged_archive(random, content)}
        return {"a.npz": damaged_bytes(random, content, sound, near=(0, max(0, len(content) - 600)))}

    file = folder / "a.npz"
    return Reader(damaged, (lambda: measured(file, "loss"), lambda: npz_text(file, "x_name")))


def planes(folder: Path) -> Reader:
    """Planes of losses of other programs; HDF5 in this process, so that whatever the library does is seen."""
    axis, losses = np.linspace(-1, 1, 6), np.arange(36.0).reshape(6, 6)
    with h5py.File(folder / "sound.h5", "w") as made:
        made["xcoordinates"] = made["ycoordinates"] = axis
        made["train_loss"] = losses
        made.create_dataset("test_loss", data=losses, chunks=(3, 3), compression="gzip")
    array = io.BytesIO()
    np.save(array, losses)
    rows = [";".join(f"{value:g}".replace(".", ",") for value in (k, *row)) for k, row in enumerate(losses)]
    table = "\n".join(["y;" + ";".join(map(str, range(6))), *rows])
    sound = {"npy": array.getvalue(), "csv": table.encode(), "h5": (folder / "sound.h5").read_bytes()}

    def damaged(random: Random) -> dict[str, bytes]:
        kind = random.choice(list(sound))
        return {f"a.{kind}": damaged_bytes(random, sound[kind], list(sound.values()), near=(0,))}

    def read_hdf5() -> None:
        for name in ("loss", "test_loss"):
            try:
                hdf5.read_plane(str(folder / "a.h5"), name)
            except Exception as error:
                raise UserError("refused") from error

    for kind, content in sound.items():
        (folder / f"a.{kind}").write_bytes(content)
    files = (folder / "a.npy", folder / "a.csv")
    return Reader(damaged, (read_hdf5, *(partial(measured, file, "loss", Ends((-1, 1), (-1, 1))) for file in files)))


def pictures(folder: Path) -> Reader:
    """Pictures of all formats that carry a scenario, damaged around it most of the time."""
    (folder / "a.toml").write_text(RUN, encoding="utf-8")
    changes = {"picture.size": [240, 240], "picture.seconds": 0.1, "swarm.particles": 3, "run.updates": 2}
    made = run_scenario(read_scenario(folder / "a.toml", changes), folder / "made", pictures=False)
    for kind in ("gif", "png", "svg", "pdf", "html", "webp", "apng", "mp4", "webm"):
        save_picture(open_result(made.folder), folder / f"a.{kind}")
    found = {file.suffix[1:]: file.read_bytes() for file in sorted(folder.glob("a.*")) if file.suffix != ".toml"}
    small = [content[:4000] for content in found.values()]

    def damaged(random: Random) -> dict[str, bytes]:
        kind = random.choice(list(found))
        near = (0, max(0, found[kind].find(_BEGIN.encode()) - 100), found[kind].find(_BEGIN.encode()) + 900)
        return {f"a.{kind}": damaged_bytes(random, found[kind], small, near)}

    return Reader(damaged, tuple(partial(read_scenario, folder / f"a.{kind}") for kind in found))


def _begun(scenario: Scenario, folder: Path) -> Path:
    """The folder of a run that was killed: with a checkpoint, without a summary."""
    checkpoint.FIRST_SECONDS = 0.0
    ended = Event()
    found = run_scenario(
        scenario, folder, pictures=False, stop=ended, progress=lambda _, share: ended.set() if share > 0.3 else None
    ).folder
    (found / "summary.json").unlink()
    return found


def results(folder: Path) -> Reader:
    """Result folders, whole and unfinished."""
    (folder / "a.toml").write_text(RUN, encoding="utf-8")
    changes = {"swarm.particles": 3, "run.updates": 40, "run.frames": 4}
    scenario = read_scenario(folder / "a.toml", changes)
    run_scenario(scenario, folder / "whole", pictures=False)
    begun = _begun(scenario, folder / "begun")
    files = _files(folder, "*/**/*.*", "*/checkpoint")

    def read_begun() -> None:
        asked_of(begun)
        check_unchanged(begun, scenario)

    reads = (
        *(partial(open_result, each) for each in (folder / "whole", begun)),
        *(partial(sorted_names, each) for each in (folder / "whole", begun)),
        *(read_begun, lambda: checkpoint.read_checkpoint(begun, scenario)),
    )
    return Reader(lambda random: _some(random, files), reads)


def sweeps(folder: Path) -> Reader:
    """Folders of sweeps: what determines them, and the journal of their cells."""
    (folder / "a.toml").write_text(RUN, encoding="utf-8")
    changes = {"swarm.particles": 3, "run.updates": 2}
    sweep(folder / "a.toml", {"optimizer.lr": [0.01, 0.1]}, seeds=2, changes=changes, folder=folder / "made")
    files = _files(folder, "made/sweep.toml", "made/cells.jsonl")

    def read() -> None:
        found = open_sweep(folder / "made")
        assert repr(found)
        assert len(found.rows) == len(list(found.rows))
        assert found.columns is not None
        found.over_seeds()
        found.to_dataframe()

    return Reader(lambda random: _some(random, files), (read,))


def translations(folder: Path) -> Reader:
    """Scenarios with texts in other languages, and the languages of an environment."""
    head = RUN.replace('label = "a $x^2$ b"', 'label = "a"')
    texts = [head + TRANSLATED, head + TRANSLATED.replace("甲", "$x^2$ of 3: A, B")]
    blanks = [*TEXTS, "A " * 40, "3 of 4, x from 1 to 2: x, y from A to B: ", "{} {0} {1!r} {a.b}", "%s %d"]

    def damaged(random: Random) -> dict[str, bytes]:
        tables = tomllib.loads(random.choice(texts))
        words = lambda: " ".join(random.choices(blanks, k=random.choice((1, 1, 2, 4))))  # noqa: E731
        if random.random() < 0.7:
            each = random.choice(tables["translation"])
            each[key] = [words()] if (key := random.choice(list(each))) in ("labels", "says") else words()
        text = tomli_w.dumps(tables)
        if random.random() < 0.5:
            text = mutated(random, text)
        return {"a.toml": text.encode("utf-8", "replace"), "tag": words().encode("utf-8", "replace")}

    def read() -> None:
        tag = (folder / "tag").read_text(encoding="utf-8")
        wanted = languages_of({"LANGUAGE": tag, "LANG": tag[:5]})
        scenario = read_scenario(folder / "a.toml")
        for languages in (("zh",), ("pt",), wanted):
            shown = translated(scenario, languages)
            told = [shown.title, shown.picture.caption or "", *(group.label for group in shown.optimizer)]
            assert all(isinstance(said(each, "zh"), str) for each in told)
            notices(shown)

    return Reader(damaged, (read,))


READERS = {each.__name__: each for each in (scenarios, csv, npz, planes, pictures, results, sweeps, translations)}


def fuzz(name: str, inputs: int, seed: int) -> int:
    """All inputs of a reader; the number of failures."""
    random, seen, broke = Random(seed), Counter[str](), Counter[str]()
    folder = Path(tempfile.mkdtemp(prefix=f"fuzz-{name}-"))
    np.seterr(all="ignore")
    warnings.simplefilter("ignore")
    reader = READERS[name](folder)
    for read in reader.read:
        outcome(read)
    limit_memory(MEMORY)
    for k in range(inputs):
        files = reader.damaged(random)
        sound = {each: file.read_bytes() for each in files if (file := folder / each).is_file()}
        for each, content in files.items():
            (folder / each).write_bytes(content)
        taken = [read for read in reader.read if name != "pictures" or str(read.args[0]).endswith(next(iter(files)))]  # type: ignore[attr-defined]
        for read in taken:
            found, wrong = outcome(read)
            seen[found] += 1
            if wrong:
                kind = re.sub(r"\d+|'.*", "#", wrong)[:80]
                broke[kind] += 1
                if broke[kind] <= 3:
                    kept = Path(tempfile.gettempdir(), f"fuzz-{name}-{seed}-{k}")
                    for each, content in files.items():
                        (kept / each).parent.mkdir(parents=True, exist_ok=True)
                        (kept / each).write_bytes(content)
                    sys.stdout.write(f"{wrong}: {kept}\n")
                    sys.stdout.flush()
        for each, content in sound.items():
            (folder / each).write_bytes(content)
    resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    shutil.rmtree(folder)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    told = f"{json.dumps({**seen})}; {most} MB at most, {process_time():.0f} s"
    sys.stdout.write(f"{name}, {inputs:,} inputs, seed {seed}: {told}\n")
    for kind, count in broke.most_common():
        sys.stdout.write(f"{count:9,}  {kind}\n")
    return sum(broke.values())


if __name__ == "__main__":
    counts = [int(each) for each in sys.argv[2:4]]
    sys.exit(fuzz(sys.argv[1], *(*counts, *(100_000, 1)[len(counts) :])) > 0)
