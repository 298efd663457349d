"""A folder with a sub-folder for each class: which files it holds, and whether two of them fit together."""

import difflib
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

from mmcourse.data.wording import counted
from mmcourse.errors import CourseError

_SHOWN = 10  # files or faults named in one message
_NEAR = 0.6  # of difflib's ratio: "dgo" is near "dog", and "cow" is not


@dataclass
class ClassFolders:
    """What one such folder holds.

    root   the folder
    what   "picture" or "sound"
    files  the files that fit, in order, by class
    other  files of the other sense, among the stray ones
    stray  every file that does not fit
    """

    root: Path
    what: str
    files: dict[str, list[Path]] = field(default_factory=dict)
    other: list[Path] = field(default_factory=list)
    stray: list[Path] = field(default_factory=list)

    @property
    def classes(self) -> list[str]:
        """The classes that have files, in order."""
        return sorted(name for name, files in self.files.items() if files)

    def labelled(self) -> tuple[list[Path], list[int]]:
        """Return every file, and the number of its class."""
        pairs = [(path, label) for label, name in enumerate(self.classes) for path in self.files[name]]
        return [path for path, _ in pairs], [label for _, label in pairs]

    def name(self, path: Path) -> str:
        """Name a file by its path below the root, the same on every system."""
        return path.relative_to(self.root).as_posix()

    def stray_beside(self, partner: "ClassFolders") -> list[Path]:
        """Return what is stray; where both senses share one folder, the partner's files are not."""
        shared = self.root.samefile(partner.root)
        return [path for path in self.stray if not (shared and path in self.other)]


def scan(root: Path, what: str, suffixes: set[str], other: set[str]) -> ClassFolders:
    """List the files below a folder without opening any.

    suffixes, other  of the files that are wanted, and of those of the other sense, in small letters
    Raises           CourseError if there is no folder in it
    """
    tree = ClassFolders(root, what)
    for entry in sorted(root.iterdir()):
        if entry.name.startswith("."):
            continue  # an operating system's own, not the learner's
        paths = sorted(path for path in entry.rglob("*") if path.is_file()) if entry.is_dir() else [entry]
        fitting = []
        for path in paths:
            if path.name.startswith("."):
                continue
            suffix = path.suffix.lower()
            if entry.is_dir() and suffix in suffixes:
                fitting.append(path)
                continue
            tree.stray.append(path)
            if suffix in other:
                tree.other.append(path)
        if entry.is_dir():
            # macOS writes é as two characters and others as one; as a class they are the same.
            tree.files.setdefault(unicodedata.normalize("NFC", entry.name), []).extend(fitting)
    if not tree.files:
        if any(path.suffix.lower() in suffixes for path in tree.stray):
            raise CourseError(
                f"{root} holds {what}s but no folders. Put them in a folder for each class; if {root.name} "
                "is a class itself, give the folder above it."
            )
        raise CourseError(f"{root} holds no folders. It needs one for each class, such as {root}/cat.")
    return tree


def check_not_empty(tree: ClassFolders) -> None:
    """Raise CourseError if no class has any file that fits."""
    if not tree.classes:
        held = f", only {counted(len(tree.stray), 'other file')}" if tree.stray else ""
        raise CourseError(
            f"There are no {tree.what}s in the folders of {tree.root}{held}. Put them there, in one folder "
            "for each class."
        )


def check_classes(pictures: ClassFolders, clips: ClassFolders) -> None:
    """Raise CourseError unless there are two classes or more, each with pictures and with sounds."""
    _check_swapped(pictures, clips)
    check_not_empty(pictures)
    check_not_empty(clips)
    faults, near = [], False
    for has, lacks in ((pictures, clips), (clips, pictures)):
        alone = set(lacks.classes) - set(has.classes)
        for name in (name for name in has.classes if name not in lacks.classes):
            like = _alike(name, alone)
            near = near or bool(like)
            hint = f" (but there is {like!r}: the same class?)" if like else ""
            faults.append(f"the class {name!r} has no {lacks.what}s in {lacks.root / name}{hint}")
    held = set(pictures.classes) | set(clips.classes)
    empty = sorted((pictures.files.keys() | clips.files.keys()) - held)
    faults += [f"the class {name!r} has neither" for name in empty]
    if faults:
        rename = "Give a class the same name in both folders, capitals included; " if near else ""
        remedy = f"{rename}add what is missing, or take the class out of both folders."
        raise CourseError(
            f"Every class needs pictures and sounds, but {_joined(faults)}. {remedy[0].upper()}{remedy[1:]}"
        )
    if len(pictures.classes) < 2:
        raise CourseError(
            f"There is only one class, {pictures.classes[0]!r}, and nothing to tell it from. Add a folder "
            "for another class to both folders."
        )


def _check_swapped(pictures: ClassFolders, clips: ClassFolders) -> None:
    for tree, option, other in ((pictures, "images", clips), (clips, "speech", pictures)):
        if not tree.classes and tree.other:
            raise CourseError(
                f"{option}={tree.root} holds {counted(len(tree.other), other.what)} and no {tree.what}s. Are "
                "the two folders swapped? images= is the folder of pictures, speech= that of sounds."
            )


def _alike(name: str, names: set[str]) -> str | None:
    small = {other.casefold().strip(): other for other in names}
    near = difflib.get_close_matches(name.casefold().strip(), small, n=1, cutoff=_NEAR)
    return small[near[0]] if near else None


def listed(tree: ClassFolders, paths: list[Path]) -> str:
    """Name some of the files, and how many more there are."""
    more = f" and {len(paths) - _SHOWN:,} more" if len(paths) > _SHOWN else ""
    return ", ".join(tree.name(path) for path in paths[:_SHOWN]) + more


def _joined(faults: list[str]) -> str:
    more = f"; and {len(faults) - _SHOWN} more" if len(faults) > _SHOWN else ""
    return "; ".join(faults[:_SHOWN]) + more
