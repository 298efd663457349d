"""`folder`: your own pictures and sounds, in two folders with one sub-folder for each class.

    pictures/cat/whiskers.jpg      sounds/cat/anna/1.wav
    pictures/dog/rex.png           sounds/dog/ben/1.wav

    data.load("folder", images="pictures", speech="sounds")

A folder between class and file names the speaker; see `source` for other ways.
"""

from collections.abc import Callable
from pathlib import Path

import torch

from mmcourse.data import images as picture_files
from mmcourse.data import options
from mmcourse.data import sounds as sound_files
from mmcourse.data.class_folders import ClassFolders, check_classes, check_not_empty, listed, scan
from mmcourse.data.describe import Datasheet
from mmcourse.data.progress import bar
from mmcourse.data.stores import Pictures, Recordings, Source
from mmcourse.data.wording import counted
from mmcourse.errors import CourseError

LARGEST = 4096  # pixels of an edge; more is a slip, or fills the memory
_SHOWN = 10  # refused files named in one message
_SPEAKER = "speaker=lambda path: path.stem.split('_')[0]"

DATASHEET = Datasheet(
    name="folder",
    images="your own files: " + " ".join(sorted(picture_files.SUFFIXES)),
    speech="your own files: " + " ".join(sorted(sound_files.SUFFIXES)),
    origin="your own files",
    licence="as you have it; ask the people in it before you share it",
    size="as in the two folders; nothing is copied",
    how_made="pictures to grey and one size; sounds to one channel and one sample rate",
    splits="pictures by picture, 70/15/15 % of each class; speech by speaker; pairs are drawn afterwards",
    caution="copies of one picture under two names may be in two parts",
    layout="pictures/cat/whiskers.jpg and sounds/cat/anna/1.wav: in both a folder for each class (at least 2 "
    "classes), a folder of sounds for each speaker (at least 3), at least 3 pictures in each class",
    load='data.load("folder", images="pictures", speech="sounds"); image_size=(28, 28), sample_rate=8000 and '
    "speaker= may be added, see help(data.folders.source)",
)


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
    images, speech = (
        options.existing_folder(images, "images"),
        options.existing_folder(speech, "speech"),
    )
    image_size = options.size(image_size, "image_size", LARGEST)
    sample_rate = _check_sounds(sample_rate, speaker)
    pictures = scan(images, "picture", picture_files.SUFFIXES, sound_files.SUFFIXES)
    clips = scan(speech, "sound", sound_files.SUFFIXES, picture_files.SUFFIXES)
    check_classes(pictures, clips)
    recordings = _read_sounds(clips, sample_rate, speaker)
    notes = tuple(
        f"Left out of {option}, because they are no {tree.what}s: {listed(tree, stray)}."
        for option, tree, stray in (
            ("images=", pictures, pictures.stray_beside(clips)),
            ("speech=", clips, clips.stray_beside(pictures)),
        )
        if stray
    )
    if len(set(recordings.speakers)) == len(recordings):
        notes += (
            "No speakers are known, so each file counts as its own: a voice may be in more than one part, "
            "and accuracy on speech may look too good.",
        )
    return Source(_read_pictures(pictures, image_size), recordings, DATASHEET, notes=notes)


def recordings(speech: str | Path, sample_rate: int = 8000, speaker=None) -> Recordings:
    """Read a folder of class-named folders of sounds alone; see `source`."""
    speech = options.existing_folder(speech, "speech")
    sample_rate = _check_sounds(sample_rate, speaker)
    clips = scan(speech, "sound", sound_files.SUFFIXES, picture_files.SUFFIXES)
    check_not_empty(clips)
    return _read_sounds(clips, sample_rate, speaker)


def _check_sounds(sample_rate: object, speaker: object) -> int:
    if speaker is not None and not callable(speaker):
        raise CourseError(
            f"speaker must be a function that names the speaker of a file, such as {_SPEAKER}, "
            f"got {speaker!r}."
        )
    rates = sound_files.RATES
    return options.whole(sample_rate, "sample_rate", rates[0], rates[-1], " of Hz", ", such as 16000")


def _read_pictures(tree: ClassFolders, image_size: tuple[int, int]) -> Pictures:
    paths, labels = tree.labelled()
    pixels = _read_all(tree, paths, lambda path: picture_files.read(path, image_size))
    return Pictures(torch.stack(pixels), torch.tensor(labels), [tree.name(path) for path in paths])


def _read_sounds(tree: ClassFolders, sample_rate: int, speaker) -> Recordings:
    paths, labels = tree.labelled()
    speakers = [_speaker_of(path, tree, speaker) for path in paths]  # first: it needs no file to be read
    waveforms = _read_all(tree, paths, lambda path: sound_files.read(path, sample_rate))
    ids = [tree.name(path) for path in paths]
    return Recordings.from_waveforms(waveforms, labels, speakers, ids, tree.classes, sample_rate)


def _speaker_of(path: Path, tree: ClassFolders, speaker: Callable[[Path], str] | None) -> str:
    name = tree.name(path)
    if speaker is None:
        parts = name.split("/")
        return parts[1] if len(parts) > 2 else name
    try:
        answer = speaker(path)
    except Exception as error:  # the learner's own function may raise anything
        raise CourseError(
            f"speaker= failed on {name}: {type(error).__name__}: {error}. It is given the file's path and "
            f"must return a name for every file, such as {_SPEAKER}."
        ) from error
    if not isinstance(answer, str) or not answer.strip():
        raise CourseError(
            f"speaker= gave {answer!r} for {name}: it must return a name (a str that is not empty) for every "
            f"file, such as {_SPEAKER}."
        )
    return answer


def _read_all(
    tree: ClassFolders, paths: list[Path], read: Callable[[Path], torch.Tensor]
) -> list[torch.Tensor]:
    """Read every file, and refuse all that are unreadable in one message rather than one by one."""
    done, refused = [], []
    for path in bar(paths, desc=f"Reading {tree.what}s", unit=" files", leave=False):
        try:
            done.append(read(path))
        except CourseError as error:
            refused.append(f"{tree.name(path.parent)}/{error}")
    if refused:
        more = f"\n… and {len(refused) - _SHOWN} more" if len(refused) > _SHOWN else ""
        raise CourseError(
            f"{counted(len(refused), tree.what)} in {tree.root} cannot be used:\n"
            + "\n".join(refused[:_SHOWN])
            + more
        )
    return done
