"""`python -m mmcourse.training`, in one process and two: what it says, leaves behind, takes up again."""

import csv
import json
import os
import signal
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import torch

from mmcourse.data import digits
from mmcourse.errors import CourseError
from mmcourse.training import Checkpoints
from mmcourse.training.__main__ import main
from mmcourse.training.config import read
from mmcourse.training.example import EXAMPLE
from mmcourse.training.job import build
from mmcourse.training.prepared import Prepared, prepare
from tests.training.toys import Stop, differences

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(autouse=True)
def _small_digits(cache, monkeypatch):
    """Six voices that say each word once, in a cache of these tests' own."""
    monkeypatch.setenv("MMCOURSE_CACHE_DIR", str(cache))
    monkeypatch.setenv("MMCOURSE_QUIET", "1")
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    for name in ("RANK", "WORLD_SIZE", "LOCAL_RANK"):
        monkeypatch.delenv(name, raising=False)


def small(folder, *, data="", training="epochs = 2", model="", output=""):
    """Write a configuration that trains in a second, and return its path."""
    path = folder / "run.toml"
    path.write_text(
        f"""
        [data]
        examples = 200
        speakers = {digits.voices()[:6]}
        manners = [[175, 50]]
        workers = 2
        {data}
        [model]
        hidden = 16
        {model}
        [training]
        device = "cpu"
        batch_size = 32
        {training}
        [output]
        folder = "{folder / "out"}"
        {output}
        """
    )
    return path


def history(folder):
    """Return the history that a run has left, without the seconds."""
    return {
        name: value
        for name, value in json.loads((folder / "out/history.json").read_text()).items()
        if name != "seconds"
    }


def weights(folder):
    return torch.load(folder / "out/weights.pt", weights_only=True)


def test_the_example_runs_as_it_is(tmp_path, capsys):
    assert main(["--example"]) == 0
    assert capsys.readouterr().out == EXAMPLE
    path = tmp_path / "example.toml"
    path.write_text(EXAMPLE)
    config = read(path)
    assert (config.data["name"], config.data["senses"], config.training["epochs"]) == ("digits", "both", 5)
    table = {"image": torch.zeros(2, 1, 8, 8), "speech": torch.zeros(2, 40, 50), "label": torch.zeros(2)}
    model = build(config, 10, Prepared(table, table, table, [], None))
    assert model({**table, "lengths": torch.tensor([50, 40])}).shape == (2, 10)


def test_keys_that_the_example_leaves_out_can_be_put_in(tmp_path):
    lines = [line[2:] if " = " in line and line[:2] == "# " else line for line in EXAMPLE.splitlines()]
    path = tmp_path / "example.toml"
    path.write_text("\n".join(lines))
    config = read(path)
    assert (config.data["examples"], config.training["patience"], config.output["every"]) == (200, 3, 100)
    for name in ("data", "training", "output"):
        assert set(tomllib.loads(path.read_text())[name]) == set(getattr(config, name)) - {"options"}


@pytest.mark.parametrize("senses", ["both", "image", "speech"])
def test_a_small_training_runs_whole(tmp_path, capsys, senses):
    noise = f'senses = "{senses}"\nimage_noise = 0.1\nsnr_db = 6.0\npairs_per_image = 2'
    path = small(tmp_path, data=noise, training='epochs = 2\nmetrics = ["top_3", "f1_macro"]')
    assert main(["--config", str(path)]) == 0
    out = capsys.readouterr().out.splitlines()
    assert [line[:12] for line in out[:2]] == ["epoch 1 of 2", "epoch 2 of 2"]
    for word in ("train loss", "val loss", "val accuracy", "%", " s"):
        assert word in out[0]
    assert out[2].startswith("test accuracy ")
    assert out[2].endswith(" on 200 examples")
    assert out[3] == f"{tmp_path / 'out'} holds weights.pt, history.json, log.csv and checkpoints"
    with (tmp_path / "out/log.csv").open() as file:
        assert [row["epoch"] for row in csv.DictReader(file)] == ["1", "2"]
    found = history(tmp_path)
    assert len(found["metrics"]["top_3"]) == len(found["val_loss"]) == 2
    assert 0 <= found["test"]["accuracy"] <= 1
    state = weights(tmp_path)
    assert len(state["classes"]) == 10
    assert (state["standardizer"] is None) == (senses == "image")
    assert len(Checkpoints(tmp_path / "out/checkpoints").paths()) == 2


def test_speech_is_standardised_by_the_training_set_only(tmp_path):
    tables = prepare(read(small(tmp_path, data='senses = "speech"')).data)
    for part, near in ((tables.train, 1e-3), (tables.test, 10.0)):
        valid = torch.arange(part["speech"].shape[-1]) < part["lengths"][:, None]
        frames = part["speech"].movedim(1, -1)[valid]
        assert frames.mean(0).abs().max() < near
    assert frames.mean(0).abs().max() > 1e-2
    assert set(tables.train) == {"speech", "lengths", "label"}


def test_it_learns(tmp_path):
    path = small(tmp_path, data='senses = "image"', training="epochs = 20\nlearning_rate = 0.02")
    assert main(["--config", str(path)]) == 0
    assert history(tmp_path)["test"]["accuracy"] > 0.8


ERRORS = {
    "a key": (
        "training",
        "epoch = 3",
        "[training] has no key 'epoch'. Did you mean 'epochs'? It takes epochs,",
    ),
    "a data key": (
        "data",
        "noise = 3",
        "[data] has no key 'noise'. Did you mean 'image_noise'? It takes name,",
    ),
    "an output key": ("output", "keeps = 3", "[output] has no key 'keeps'. Did you mean 'keep'? It takes"),
    "text for a number": (
        "training",
        'epochs = "five"',
        "[training] epochs must be a whole number from 1 on, got 'five'.",
    ),
    "no epochs": ("training", "epochs = 0", "[training] epochs must be a whole number from 1 on, got 0."),
    "a negative rate": (
        "training",
        "learning_rate = -1",
        "[training] learning_rate must be 0 or more, got -1.",
    ),
    "no share": ("training", "warmup = 1.0", "[training] warmup must be a share from 0 to below 1, got 1.0."),
    "no norm": ("training", "max_norm = 0", '[training] max_norm must be above 0, or "none", got 0.'),
    "no truth": ("training", "compile = 1", "[training] compile must be true or false, got 1."),
    "a schedule": (
        "training",
        'schedule = "cosin"',
        "[training] schedule must be one of 'one_cycle', 'cosine', 'constant', got 'cosin'. Did you mean",
    ),
    "no list": (
        "training",
        'metrics = "top_3"',
        '[training] metrics must be a list of names, such as ["top_3", "f1_macro"], got \'top_3\'.',
    ),
    "a metric": (
        "training",
        'metrics = ["f1"]',
        "[training] metrics must be one of 'top_2', 'top_3', 'top_5',",
    ),
    "not measured": (
        "training",
        'monitor = "top_3"',
        "[training] monitor 'top_3' is not measured: write it into metrics as well, metrics = [\"top_3\"].",
    ),
    "a sense": (
        "data",
        'senses = "smell"',
        "[data] senses must be one of 'image', 'speech', 'both', got 'smell'.",
    ),
    "a data set": (
        "data",
        'name = "digit"',
        "[data] name must be one of 'digits', 'mnist-fsdd', 'folder', got",
    ),
    "an option of others": ("data", 'name = "folder"', "[data] has no key 'speakers'. "),
    "noise": ("data", "image_noise = -0.1", "[data] image_noise must be 0 or more, got -0.1."),
    "a network": (
        "model",
        '[model.image]\nnetwork = "ResNet"',
        "[model.image] network must be one of 'ImageCNN', 'ImageResNet', got 'ResNet'. Did you mean",
    ),
    "an option": (
        "model",
        '[model.speech]\nnetwork = "SpeechRNN"\nhiden = 3',
        "[model.speech] SpeechRNN has no key 'hiden'. Did you mean 'hidden'? It takes network,",
    ),
    "no table": (
        "model",
        "image = 3",
        "[model.image] must be a table, a line [model.image] with its keys beneath",
    ),
    "heads": (
        "model",
        '[model.speech]\nnetwork = "SpeechTransformer"\nwidth = 10\nnum_heads = 4',
        "[model.speech] embed_dim must be divisible by num_heads",
    ),
    "a folder": ("output", 'folder2 = "x"', "[output] has no key 'folder2'. Did you mean 'folder'?"),
    "a seed": ("data", "seed = -1", "[data] seed must be a whole number from 0 on, got -1."),
}


@pytest.mark.parametrize("name", ERRORS)
def test_what_does_not_fit_is_a_sentence_and_exit_code_2(tmp_path, capsys, name):
    table, line, sentence = ERRORS[name]
    training = line if table == "training" else "epochs = 1"
    path = small(tmp_path, **({"training": training} | {table: line}))
    assert main(["--config", str(path)]) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"{path}: {sentence}"), said
    assert said.count("\n") == 1
    assert "Traceback" not in said


FILES = {
    "a table": (
        "[train]\nepochs = 1",
        "{path}: the file has no table 'train'. Did you mean 'training'? It takes",
    ),
    "a number for a table": (
        "data = 3",
        "{path}: [data] must be a table, a line [data] with its keys beneath, got 3.",
    ),
    "no output": ("", "{path}: [output] needs a folder for what comes out, such as folder = "),
    "a number for a path": (
        "[output]\nfolder = 3",
        "{path}: [output] folder must be a path in quotes, such as",
    ),
    "broken": ("[data", "{path} is no TOML: Expected ']' at the end of a table declaration (at"),
    "needs": (
        '[data]\nname = "folder"',
        "{path}: [data] needs images for the data set 'folder', such as images =",
    ),
    "binary": (b"\xff\xfe", "{path} is no text in UTF-8. Give a TOML file."),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_no_configuration_is_refused(tmp_path, name):
    content, sentence = FILES[name]
    path = tmp_path / "run.toml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(CourseError) as refused:
        read(path)
    assert str(refused.value).startswith(sentence.format(path=path)), refused.value


def test_a_file_that_is_missing_and_a_command_without_one(tmp_path, capsys):
    small(tmp_path)
    assert main(["--config", str(tmp_path / "rum.toml")]) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"There is no file {tmp_path / 'rum.toml'}. Did you mean 'run.toml'? ")
    assert main([]) == 2
    assert capsys.readouterr().err == "give --config FILE; --example prints a file to begin with.\n"
    assert main(["--confg", "x"]) == 2
    assert (
        "unrecognized arguments: --confg x. `python -m mmcourse.training --help`" in capsys.readouterr().err
    )


def test_what_the_data_set_refuses_names_the_file_and_the_table(tmp_path, capsys):
    path = tmp_path / "run.toml"
    path.write_text(
        f'[data]\nname = "folder"\nimages = "{tmp_path}/none"\nspeech = "{tmp_path}/none"\n'
        f'[output]\nfolder = "{tmp_path}/out"'
    )
    assert main(["--config", str(path)]) == 2
    assert capsys.readouterr().err.startswith(f"{path}: [data] There is no folder {tmp_path}/none.")


def test_a_folder_that_cannot_be_written_to(tmp_path, capsys):
    path = small(tmp_path)
    (tmp_path / "out").write_text("a file")
    assert main(["--config", str(path)]) == 2
    said = capsys.readouterr().err
    assert (
        f"[output] folder '{tmp_path / 'out'}' cannot be written to (File exists). Give another one." in said
    )


def test_a_training_that_fails_is_a_sentence_and_exit_code_1(tmp_path, capsys):
    diverging = 'optimiser = "sgd"\nlearning_rate = 1e30\nmax_norm = "none"'
    path = small(tmp_path, data='senses = "image"', training=f"epochs = 2\n{diverging}")
    assert main(["--config", str(path)]) == 1
    said = capsys.readouterr().err
    assert said.startswith(f"{path}: epoch 1, batch ")
    assert "the steps were too long: try learning_rate=" in said
    assert said.count("\n") == 1


def stopped_at(step, monkeypatch):
    """Let the command press Ctrl-C during a step."""
    monkeypatch.setattr("mmcourse.training.job._bar", lambda: [Stop(step)])


def test_ctrl_c_is_130_and_the_same_command_ends_as_if_never_stopped(tmp_path, capsys, monkeypatch):
    for name in ("whole", "halves"):
        (tmp_path / name).mkdir()
    assert main(["--config", str(small(tmp_path / "whole"))]) == 0
    path = small(tmp_path / "halves")
    with monkeypatch.context() as patch:
        stopped_at(9, patch)
        assert main(["--config", str(path)]) == 130
    said = capsys.readouterr().err
    assert said.startswith("Stopped after batch 2 of 7 in epoch 2 of 2. Saved to ")
    assert said.endswith("out/checkpoints: the same command goes on from there.\n")
    assert main(["--config", str(path)]) == 0
    assert "goes on after batch 2 of 7 in epoch 2 of 2" in capsys.readouterr().out
    one, other = weights(tmp_path / "whole"), weights(tmp_path / "halves")
    assert differences(one["model"], other["model"]) == []
    assert history(tmp_path / "whole") == history(tmp_path / "halves")


def test_another_configuration_is_not_taken_up_but_begun_anew_on_demand(tmp_path, capsys):
    assert main(["--config", str(small(tmp_path))]) == 0
    path = small(tmp_path, data="seed = 1")
    assert main(["--config", str(path)]) == 2
    assert capsys.readouterr().err == (
        f"{path}: {tmp_path / 'out'} holds another training: data.seed was 0 and is now 1. To begin anew, "
        "give --fresh or another [output] folder; to go on, give the old values.\n"
    )
    path = small(tmp_path, training="epochs = 2\nlearning_rate = 0.1")
    assert main(["--config", str(path)]) == 1
    said = capsys.readouterr().err
    assert "learning_rate was 0.002 and is now 0.1. To begin anew, give --fresh or another folder" in said
    assert main(["--config", str(path), "--fresh"]) == 0
    assert "goes on" not in capsys.readouterr().out
    assert max(history(tmp_path)["learning_rate"]) > 0.09


def two_of(path):
    """Return the command in two processes that torchrun starts."""
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc_per_node=2"]
    return [*command, "-m", "mmcourse.training", "--config", str(path)]


def in_two(path):
    """Run it; return its exit code, output and errors."""
    environment = os.environ | {"CUDA_VISIBLE_DEVICES": ""}
    done = subprocess.run(
        two_of(path), cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    return done.returncode, done.stdout, done.stderr


def test_ctrl_c_stops_two_processes_and_is_said_once(tmp_path):
    path = small(tmp_path, data='senses = "image"', training='epochs = 2000\nschedule = "constant"')
    process = subprocess.Popen(
        two_of(path),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    first = process.stdout.readline()
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=120)
    assert first.startswith("epoch 1 of 2000")
    assert process.returncode != 0
    assert errors.count("the same command goes on from there.") == 1
    step = int(Checkpoints(tmp_path / "out/checkpoints").paths()[0].stem.removeprefix("step-"))
    assert 7 <= step < 14000


def furthest(one, other):
    """Return the largest difference of two histories' numbers."""
    if isinstance(one, dict):
        assert one.keys() == other.keys()
        return max((furthest(one[key], other[key]) for key in one), default=0)
    if isinstance(one, list):
        assert len(one) == len(other)
        return max((furthest(*pair) for pair in zip(one, other, strict=True)), default=0)
    return 0 if one == other else abs(one - other)


def test_two_processes_train_as_one(tmp_path):
    for name in ("one", "two", "split"):
        (tmp_path / name).mkdir()
    training = 'epochs = 2\nlearning_rate = 8e-3\nmetrics = ["f1_macro"]'
    assert main(["--config", str(small(tmp_path / "one", training=training))]) == 0
    whole = torch.load(tmp_path / "one/out/weights.pt", weights_only=True)["model"]
    for name, more in {"two": "", "split": '\nparallel = "fsdp"'}.items():
        code, out, errors = in_two(small(tmp_path / name, training=training + more))
        assert code == 0, errors
        assert out.count("epoch 1 of 2") == out.count("test accuracy") == 1
        assert furthest(history(tmp_path / "one"), history(tmp_path / name)) < 1e-5
        weights = torch.load(tmp_path / name / "out/weights.pt", weights_only=True)["model"]
        for key, tensor in whole.items():
            assert torch.allclose(weights[key], tensor, atol=1e-4)


def test_two_processes_say_what_is_wrong_once_and_both_end(tmp_path):
    code, _, errors = in_two(small(tmp_path, training="epoch = 1"))
    assert code != 0
    assert errors.count("[training] has no key 'epoch'. Did you mean 'epochs'?") == 1
    assert "exitcode  : 2" in errors
