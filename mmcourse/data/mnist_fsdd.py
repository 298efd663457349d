"""`mnist-fsdd`: MNIST's handwritten digits with the Free Spoken Digit Dataset's human speech.

Looked for in MMCOURSE_DATA_DIR, then in the cache folder, as `mnist/MNIST/raw/` (the `.gz` files or
unpacked) and `fsdd/recordings/*.wav`; what is in neither is downloaded into the cache folder.
"""

import gzip
import re
import shutil
import tarfile
import tempfile
from functools import lru_cache
from pathlib import Path

import torch
from torch import Tensor
from torchvision.datasets import MNIST
from torchvision.datasets.mnist import read_image_file, read_label_file

from mmcourse.data import cache, sounds
from mmcourse.data.describe import Datasheet
from mmcourse.data.download import Remote, fetch
from mmcourse.data.progress import bar
from mmcourse.data.stores import Pictures, Recordings, Source
from mmcourse.errors import CourseError

SAMPLE_RATE = 8000
CLASSES = tuple(str(digit) for digit in range(10))
_RAW = Path("mnist", "MNIST", "raw")
_SPOKEN = Path("fsdd", "recordings")
_UNPACKED = "fsdd-1.0.9"  # the cache entry
_NAME = re.compile(r"(?P<digit>\d)_(?P<speaker>[^_]+)_\d+")
# Release 1.0.9 and its checksum as TensorFlow Datasets gives them (spoken_digit/checksums.tsv).
_FSDD = Remote(
    name="downloads/fsdd-1.0.9.tar.gz",
    urls=("https://github.com/Jakobovski/free-spoken-digit-dataset/archive/v1.0.9.tar.gz",),
    checksum="sha256:8bc44cde129d505cbbb6b365c09f80c663f2aa77578afc634e6141a2f87100c0",
)
_CHECKSUMS = dict(MNIST.resources)

DATASHEET = Datasheet(
    name="mnist-fsdd",
    images="MNIST: 70,000 handwritten digits, 28 × 28 pixels with 256 grey levels",
    speech="Free Spoken Digit Dataset: zero to nine in English, 50 times each by 5 or 6 people, at 8 kHz",
    origin="LeCun, Cortes and Burges 1998; Jakobovski and others, release 1.0.9 where it is downloaded",
    licence="MNIST: CC BY-SA 3.0; FSDD: CC BY-SA 4.0",
    size="11 MB and 12 MB to download; 55 MB and 45 MB in memory",
    how_made="scanned forms, centred by mass; recordings at home, cut to the word",
    splits="MNIST's published test pictures stay the test part where the training file is here; speech by "
    "speaker; pairs are drawn afterwards",
    caution="very few speakers: repeat an experiment over seeds, because the one voice of the test part "
    "decides much; the published FSDD split shares its speakers",
    load='data.load("mnist-fsdd")',
)


def source() -> Source:
    """Bring MNIST and FSDD together, downloading what is not here."""
    pictures, test, notes = _mnist()
    return Source(pictures, recordings(), DATASHEET, test, notes)


def recordings(*, download: bool = True) -> Recordings:
    """Load all of FSDD: 2,500 clips of 5 speakers (release 1.0.9), 3,000 of 6 where a newer copy is here.

    download  False: raise CourseError, with what to do, where it is not on this computer yet
    """
    return _read_fsdd(_find_fsdd(download))


def _roots() -> list[Path]:
    return [root for root in (cache.data_folder(), cache.folder()) if root is not None]


def _missing(what: str, where: Path) -> str:
    return (
        f"{what} is not on this computer and could not be downloaded: put it in {where} under the folder "
        f"that MMCOURSE_DATA_DIR names (or under {cache.folder()}), or use data.load('digits'), which "
        "works offline."
    )


def _mnist() -> tuple[Pictures, Tensor | None, tuple[str, ...]]:
    """Read MNIST; where only the test file is here, its 10,000 pictures are all there is."""
    train, test = _find_mnist("train"), _find_mnist("t10k")
    if test is not None and train is None:
        note = (
            "Only MNIST's test file is here, not its training file: its 10,000 pictures are split into all "
            "three parts, so accuracies do not compare with published ones."
        )
        return _read_mnist((test,), ("t10k",)), None, (note,)
    files = (train or _download_mnist("train"), test or _download_mnist("t10k"))
    pictures = _read_mnist(files, ("train", "t10k"))
    published = [i for i, name in enumerate(pictures.ids) if name.startswith("t10k")]
    return pictures, torch.tensor(published), ()


def _find_mnist(part: str) -> tuple[Path, Path] | None:
    names = (f"{part}-images-idx3-ubyte", f"{part}-labels-idx1-ubyte")
    for root in _roots():
        found = [_either(root / _RAW / name) for name in names]
        if None not in found:
            return tuple(found)
    return None


def _either(path: Path) -> Path | None:
    packed = path.with_name(path.name + ".gz")
    return next((candidate for candidate in (path, packed) if candidate.is_file()), None)


def _download_mnist(part: str) -> tuple[Path, Path]:
    names = (f"{part}-images-idx3-ubyte.gz", f"{part}-labels-idx1-ubyte.gz")
    remotes = (
        Remote(
            (_RAW / name).as_posix(), [mirror + name for mirror in MNIST.mirrors], f"md5:{_CHECKSUMS[name]}"
        )
        for name in names
    )
    return tuple(
        fetch(remote, _missing(f"MNIST's file {Path(remote.name).name}", _RAW)) for remote in remotes
    )


@lru_cache(maxsize=1)
def _read_mnist(files: tuple[tuple[Path, Path], ...], parts: tuple[str, ...]) -> Pictures:
    pixels, labels, ids = [], [], []
    for (image_file, label_file), part in zip(files, parts, strict=True):
        pixels.append(_read_idx(image_file, read_image_file).unsqueeze(1))
        labels.append(_read_idx(label_file, read_label_file))
        if len(pixels[-1]) != len(labels[-1]):
            raise CourseError(
                f"{image_file.name} has {len(pixels[-1])} pictures and {label_file.name} {len(labels[-1])} "
                "labels. Take both out, and they are downloaded again."
            )
        ids += [f"{part}-{i:05d}" for i in range(len(labels[-1]))]
    return Pictures(torch.cat(pixels), torch.cat(labels), ids)


def _read_idx(path: Path, read) -> Tensor:
    """Read an IDX file, packed or not, with torchvision's reader, which wants it unpacked."""
    try:
        if path.suffix != ".gz":
            return read(str(path))
        with tempfile.TemporaryDirectory() as folder, gzip.open(path) as packed:
            unpacked = Path(folder, path.stem)
            with unpacked.open("wb") as file:
                shutil.copyfileobj(packed, file)
            return read(str(unpacked))
    except (OSError, EOFError, ValueError, AssertionError, TypeError, KeyError, RuntimeError) as error:
        raise CourseError(
            f"{path.name}: the file is cut off or not MNIST's ({error}). Take it out of {path.parent}, and "
            "it is downloaded again."
        ) from error


def _find_fsdd(download: bool) -> Path:
    for root in _roots():
        if any((root / _SPOKEN).glob("*.wav")):
            return root / _SPOKEN
    about = {"format": 1, "archive": _FSDD.checksum}
    if not download and not cache.is_whole(cache.folder() / _UNPACKED, about):
        raise CourseError(
            "FSDD, the human speech of mnist-fsdd, is not on this computer: `mmcourse data build mnist-fsdd` "
            f"downloads it, or put it in {_SPOKEN.as_posix()} under the folder that MMCOURSE_DATA_DIR names."
        )
    return cache.entry(_UNPACKED, _unpack_fsdd, about) / "recordings"


def _unpack_fsdd(folder: Path) -> None:
    archive = fetch(_FSDD, _missing("FSDD, the human speech of mnist-fsdd,", _SPOKEN))
    (folder / "recordings").mkdir()
    with tarfile.open(archive) as packed:
        for member in packed:
            name = Path(member.name)
            if member.isfile() and name.parent.name == "recordings" and name.suffix == ".wav":
                member.name = name.name  # only the file's own name: nothing can be written elsewhere
                packed.extract(member, folder / "recordings", filter="data")


@lru_cache(maxsize=1)
def _read_fsdd(folder: Path) -> Recordings:
    waveforms, labels, speakers, ids = [], [], [], []
    for path in bar(sorted(folder.glob("*.wav")), desc="Reading FSDD", unit=" files", leave=False):
        name = _NAME.fullmatch(path.stem)
        if name is None:
            raise CourseError(
                f"{path.name}: its name is not {{digit}}_{{speaker}}_{{index}}.wav. Take it out of {folder}."
            )
        waveforms.append(sounds.read(path, SAMPLE_RATE))
        labels.append(int(name["digit"]))
        speakers.append(name["speaker"])
        ids.append(path.stem)
    return Recordings.from_waveforms(waveforms, labels, speakers, ids, CLASSES, SAMPLE_RATE)
