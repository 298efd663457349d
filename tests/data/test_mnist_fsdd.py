"""MNIST with FSDD: from a small stand-in in the same form, and from the real files where they are."""

import gzip
import io
import struct
import tarfile
import warnings

import numpy as np
import pytest
import soundfile

from mmcourse import data
from mmcourse.data import cache, download, mnist_fsdd
from mmcourse.errors import CourseError

SPEAKERS = ("george", "jackson", "lucas")


def _idx(array):
    return bytes([0, 0, 8, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape) + array.tobytes()


def _mnist(folder, part, count, packed=True):
    folder.mkdir(parents=True, exist_ok=True)
    labels = (np.arange(count) % 10).astype(np.uint8)
    pixels = np.repeat(labels * 20, 28 * 28).reshape(count, 28, 28)
    for name, array in (("images-idx3", pixels), ("labels-idx1", labels)):
        path = folder / f"{part}-{name}-ubyte"
        if packed:
            path.with_name(path.name + ".gz").write_bytes(gzip.compress(_idx(array)))
        else:
            path.write_bytes(_idx(array))


def _wav(digit, index):
    held = io.BytesIO()
    soundfile.write(held, 0.5 * np.sin(np.arange(400 + index) * 0.1 * (digit + 1)), 8000, format="WAV")
    return held.getvalue()


def _names():
    return [(digit, speaker, index) for digit in range(10) for speaker in SPEAKERS for index in range(2)]


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A data folder with both sets in small, and an empty cache."""
    mnist_fsdd._read_mnist.cache_clear()
    mnist_fsdd._read_fsdd.cache_clear()
    monkeypatch.setenv("MMCOURSE_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("MMCOURSE_CACHE_DIR", str(tmp_path / "cache"))
    _mnist(tmp_path / "data" / "mnist" / "MNIST" / "raw", "t10k", 60)
    recordings = tmp_path / "data" / "fsdd" / "recordings"
    recordings.mkdir(parents=True)
    for digit, speaker, index in _names():
        (recordings / f"{digit}_{speaker}_{index}.wav").write_bytes(_wav(digit, index))
    return tmp_path / "data"


def test_with_the_test_file_alone_it_is_split_and_says_so(home):
    sets = data.load("mnist-fsdd")
    assert [len(part) for part in sets] == [40, 10, 10]
    assert "Only MNIST's test file is here, not its training file" in str(sets.describe())
    sample = sets.test[4]
    assert sample["image"].shape == (1, 28, 28)
    assert round(float(sample["image"].mean() * 255)) == 20 * sample["label"]
    assert sample["speech_id"] == f"{sample['label']}_{sample['speaker']}_{sample['speech_id'][-1]}"
    assert not set(sets.train.speakers) & set(sets.test.speakers)


@pytest.mark.parametrize("packed", [True, False])
def test_published_test_pictures_stay_the_test_part(home, packed):
    _mnist(home / "mnist" / "MNIST" / "raw", "train", 100, packed)
    sets = data.load("mnist-fsdd", seed=1)
    assert [len(part) for part in sets] == [80, 20, 60]
    ids = [part.as_tensors()["image_id"] for part in sets]
    assert all(name.startswith("t10k") for name in ids[2])
    assert all(name.startswith("train") for name in ids[0] + ids[1])
    assert sets.notes == ()


def test_recordings_name_their_speakers(home):
    every = data.recordings("mnist-fsdd")
    assert len(every) == 60
    assert sorted(set(every.speakers)) == list(SPEAKERS)
    assert every.sample_rate == 8000


def test_half_a_file_is_refused_by_name(home):
    path = home / "mnist" / "MNIST" / "raw" / "t10k-images-idx3-ubyte.gz"
    path.write_bytes(path.read_bytes()[:60])
    with pytest.raises(CourseError, match=r"t10k-images-idx3-ubyte.gz: the file is cut off or not MNIST's"):
        data.load("mnist-fsdd")


def test_labels_of_another_file_are_refused(home):
    other = home / "other"
    _mnist(other, "t10k", 50)
    raw = home / "mnist" / "MNIST" / "raw"
    (other / "t10k-labels-idx1-ubyte.gz").replace(raw / "t10k-labels-idx1-ubyte.gz")
    with pytest.raises(CourseError, match=r"has 60 pictures and t10k-labels-idx1-ubyte.gz 50 labels"):
        data.load("mnist-fsdd")


def test_stray_name_among_the_recordings_is_named(home):
    (home / "fsdd" / "recordings" / "hello.wav").write_bytes(_wav(1, 1))
    with pytest.raises(CourseError, match=r"hello.wav: its name is not \{digit\}_\{speaker\}_\{index\}.wav"):
        data.recordings("mnist-fsdd")


def test_offline_and_not_here_gets_the_sentence(home, monkeypatch):
    def no_network(*_, **__):
        raise download.requests.ConnectionError("no route")

    monkeypatch.setattr(download.requests, "get", no_network)
    monkeypatch.setattr(download, "pause", lambda fruitless: 0)
    monkeypatch.setenv("MMCOURSE_DATA_DIR", str(home / "empty"))
    for missing, words in (
        (data.recordings, "FSDD, the human speech"),
        (data.load, "MNIST's file train-images"),
    ):
        with pytest.raises(CourseError, match=words) as caught:
            missing("mnist-fsdd")
        message = str(caught.value)
        assert "put it in" in message
        assert "MMCOURSE_DATA_DIR" in message
        assert "data.load('digits'), which works offline" in message
        assert caught.value.exit_code == 2


def test_archive_is_unpacked_whole_and_nowhere_else(home, monkeypatch, tmp_path):
    archive = tmp_path / "fsdd.tar.gz"
    with tarfile.open(archive, "w:gz") as packed:
        members = [(f"fsdd-1/recordings/{d}_{s}_{i}.wav", _wav(d, i)) for d, s, i in _names()]
        members += [("fsdd-1/README.md", b"words"), ("../../recordings/0_evil_0.wav", _wav(0, 0))]
        for name, held in members:
            member = tarfile.TarInfo(name)
            member.size = len(held)
            packed.addfile(member, io.BytesIO(held))
    monkeypatch.setattr(mnist_fsdd, "fetch", lambda remote, missing: archive)
    monkeypatch.setenv("MMCOURSE_DATA_DIR", str(home / "empty"))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        every = data.recordings("mnist-fsdd")
    assert len(every) == 61
    assert not (tmp_path / "recordings").exists()
    assert [path.name for path in cache.folder().iterdir() if path.is_dir()] == ["fsdd-1.0.9"]


@pytest.mark.real_data
def test_real_files_load():
    mnist_fsdd._read_mnist.cache_clear()
    mnist_fsdd._read_fsdd.cache_clear()
    sets = data.load("mnist-fsdd", max_images=300)
    every = data.recordings("mnist-fsdd")
    assert len(every) in (2500, 3000)
    assert len(set(every.speakers)) == len(every) // 500
    assert sets.train[0]["image"].shape == (1, 28, 28)
    means = [sets.train.images[sets.train.labels == digit].mean() for digit in (0, 1)]
    assert means[0] > 1.5 * means[1]  # a nought has more ink than a one


def test_what_is_not_here_is_downloaded_by_its_own_checksum(home, monkeypatch, tmp_path):
    store = tmp_path / "server"
    for part, count in (("train", 100), ("t10k", 60)):
        _mnist(store, part, count)
    asked = []

    def fetch(remote, missing):
        asked.append(remote)
        return store / remote.urls[0].rpartition("/")[2]

    monkeypatch.setattr(mnist_fsdd, "fetch", fetch)
    for path in (home / "mnist" / "MNIST" / "raw").iterdir():
        path.unlink()
    sets = data.load("mnist-fsdd")
    assert [len(part) for part in sets] == [80, 20, 60]
    assert [remote.name.rpartition("/")[2] for remote in asked] == [
        name for name, _ in mnist_fsdd.MNIST.resources
    ]
    assert [remote.checksum for remote in asked] == [f"md5:{md5}" for _, md5 in mnist_fsdd.MNIST.resources]
