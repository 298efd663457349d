"""`folder`: your own pictures and sounds, in two folders with one sub-folder for each class.

    pictures/cat/whiskers.jpg      sounds/cat/anna/1.wav
    pictures/dog/rex.png           sounds/dog/ben/1.wav

A folder between class and file names the speaker; see `source` for other ways.
"""

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import torch

from mmcourse.data import images as picture_files
from mmcourse.data import sounds as sound_files
from mmcourse.data.describe import Datasheet
from mmcourse.data.progress import bar
from mmcourse.data.stores import Pictures, Recordings, Source
from mmcourse.errors import CourseError

_SHOWN = 10  # files named in one message


DATASHEET = Datasheet(
    name="folder",
    images="your own files",
    speech="your own files",
    origin="your own files",
    licence="as you have it; ask the people in it before you share it",
    size="as in the two folders; nothing is copied",
    how_made="pictures to grey and one size; sounds to one channel and one sample rate",
    splits="pictures by picture, 70/15/15 % of each class; speech by speaker; pairs are drawn afterwards",
    caution="copies of one picture under two names may be in two parts",
)


@dataclass
class _Tree:
    """What one of the two folders holds: files by class, and what was left out."""

    root: Path
    files: dict[str, list[Path]] = field(default_factory=dict)
    stray: list[Path] = field(default_factory=list)


def source(
    images: str | Path,
    speech: str | Path,
    image_size: tuple[int, int] = (28, 28),
    sample_rate: int = 8000,
    speaker: Callable[[Path], str] | None = None,
) -> Source:
    """Read two folders of class-named folders.

    images, speech  the two folders; a class must be in both
    image_size      (height, width) of every picture after resizing; grey
    sample_rate     in Hz, of every sound after resampling
    speaker         names the speaker of a file, such as `lambda path: path.stem.split("_")[1]`; without
                    it the folder between class and file does, and a file without one is its own speaker
    Raises          CourseError naming every class that is in one folder only, and every file refused
    """
    pictures, clips = _tree(images, picture_files.SUFFIXES), _tree(speech, sound_files.SUFFIXES)
    _check_classes(pictures, clips)
    classes = sorted(pictures.files)
    stray = pictures.stray + clips.stray
    notes = (f"Left out, because they are no pictures or sounds: {_listed(stray)}.",) if stray else ()
    recordings = _read_sounds(clips, classes, sample_rate, speaker)
    if len(set(recordings.speakers)) == len(recordings):
        notes += (
            "No speakers are known, so each file counts as its own: a voice may be in more than one part, "
            "and accuracy on speech may look too good.",
        )
    return Source(_read_pictures(pictures, classes, image_size), recordings, DATASHEET, notes=notes)


def recordings(speech: str | Path, sample_rate: int = 8000, speaker=None) -> Recordings:
    """Read a folder of class-named folders of sounds alone; see `source`."""
    clips = _tree(speech, sound_files.SUFFIXES)
    return _read_sounds(clips, sorted(clips.files), sample_rate, speaker)


def _tree(root: str | Path, suffixes: set[str]) -> _Tree:
    tree = _Tree(Path(root).expanduser())
    if not tree.root.is_dir():
        raise CourseError(f"There is no folder {tree.root}. Give one that holds a folder for each class.")
    for entry in sorted(tree.root.iterdir()):
        if entry.name.startswith("."):
            continue  # an operating system's own, not the learner's
        if not entry.is_dir():
            tree.stray.append(entry)
            continue
        # macOS writes é as two characters and others as one; as a class they are the same.
        files = tree.files.setdefault(unicodedata.normalize("NFC", entry.name), [])
        for path in sorted(path for path in entry.rglob("*") if path.is_file()):
            if not path.name.startswith("."):
                (files if path.suffix.lower() in suffixes else tree.stray).append(path)
    if not tree.files:
        raise CourseError(
            f"{tree.root} holds no folders. It needs one for each class, such as {tree.root}/cat."
        )
    return tree


def _check_classes(pictures: _Tree, clips: _Tree) -> None:
    faults = []
    for has, lacks, what in ((pictures, clips, "sounds"), (clips, pictures, "pictures")):
        for name in sorted(name for name, files in has.files.items() if files):
            if not lacks.files.get(name):
                faults.append(f"the class {name!r} has no {what} in {lacks.root / name}")
    empty = sorted(name for name, files in pictures.files.items() if not files and not clips.files.get(name))
    faults += [f"the class {name!r} is empty in both" for name in empty]
    if faults:
        raise CourseError(
            f"Every class needs pictures and sounds, but {_joined(faults)}. Add them, or take the class out "
            "of both folders."
        )


def _read_pictures(tree: _Tree, classes: list[str], image_size: tuple[int, int]) -> Pictures:
    paths = [(path, label) for label, name in enumerate(classes) for path in tree.files[name]]
    pixels = _read_all(
        "pictures", (path for path, _ in paths), lambda path: picture_files.read(path, image_size)
    )
    labels = torch.tensor([label for _, label in paths])
    return Pictures(torch.stack(pixels), labels, [_name(path, tree) for path, _ in paths])


def _read_sounds(tree: _Tree, classes: list[str], sample_rate: int, speaker) -> Recordings:
    paths = [(path, label) for label, name in enumerate(classes) for path in tree.files[name]]
    waveforms = _read_all(
        "sounds", (path for path, _ in paths), lambda path: sound_files.read(path, sample_rate)
    )
    speakers = [(speaker or _speaker_by_folder(tree))(path) for path, _ in paths]
    ids = [_name(path, tree) for path, _ in paths]
    labels = [label for _, label in paths]
    return Recordings.from_waveforms(waveforms, labels, speakers, ids, classes, sample_rate)


def _speaker_by_folder(tree: _Tree) -> Callable[[Path], str]:
    def speaker(path: Path) -> str:
        parts = path.relative_to(tree.root).parts
        return parts[1] if len(parts) > 2 else _name(path, tree)

    return speaker


def _read_all(what: str, paths: Iterable[Path], read: Callable[[Path], torch.Tensor]) -> list[torch.Tensor]:
    """Read every file, and refuse all that are unreadable in one message rather than one by one."""
    done, refused = [], []
    for path in bar(list(paths), desc=f"Reading {what}", unit=" files", leave=False):
        try:
            done.append(read(path))
        except CourseError as error:
            refused.append(f"{path.parent.name}/{error}")
    if refused:
        more = f"\n… and {len(refused) - _SHOWN} more" if len(refused) > _SHOWN else ""
        listed = "\n".join(refused[:_SHOWN])
        raise CourseError(f"{len(refused)} of the {what} cannot be used:\n{listed}{more}")
    return done


def _name(path: Path, tree: _Tree) -> str:
    return path.relative_to(tree.root).as_posix()


def _listed(paths: list[Path]) -> str:
    more = f" and {len(paths) - _SHOWN} more" if len(paths) > _SHOWN else ""
    return ", ".join(f"{path.parent.name}/{path.name}" for path in paths[:_SHOWN]) + more


def _joined(faults: list[str]) -> str:
    more = f"; and {len(faults) - _SHOWN} more" if len(faults) > _SHOWN else ""
    return "; ".join(faults[:_SHOWN]) + more
