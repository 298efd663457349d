"""The comparison as a lesson uses it: conditions by name, frozen encoders, tables, figures, a notebook."""

import os
import re
from functools import partial
from pathlib import Path

import matplotlib.pyplot as plt
import nbformat
import pytest
import torch
from nbclient import NotebookClient

from mmcourse import compare
from mmcourse.errors import CourseError
from mmcourse.evaluation.bench import on_threads
from mmcourse.evaluation.fingerprint import fingerprint
from mmcourse.modules.image_models import ImageCNN
from mmcourse.modules.multimodal import OneSense, TwoSenses
from mmcourse.modules.speech_models import SpeechCNN
from mmcourse.training import seeded
from tests.evaluation.rivals import GUESS, TOY, tables

ROOT = Path(__file__).parents[2]
BUDGET = compare.Budget(epochs=2, batch_size=16)


@pytest.fixture(autouse=True)
def _no_window_and_none_left_open():
    plt.switch_backend("agg")
    with on_threads(1):  # beside other tests, two threads of one wait for each other
        yield
    plt.close("all")


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    conditions = {"easy": tables, "other": tables(9)}
    folder = tmp_path_factory.mktemp("store")
    return compare.run([GUESS, TOY], conditions=conditions, budget=BUDGET, store=folder)


def test_five_seeds_are_run_where_none_are_named(results):
    assert len(results) == 20
    assert len(results.scores("easy")["toy"]) == 5


def test_tables_of_means_and_of_pairs(results):
    assert str(compare.table(results, "easy")) == str(results.table("easy"))
    assert "seconds" not in compare.table(results, seconds=False).header
    (row,) = compare.pairs(results, "easy").rows
    assert row[:2] == ("guess", "toy")
    assert re.fullmatch(r"-\d+\.\d points", row[2])
    assert row[5] == "told apart"


def test_a_panel_a_condition(results):
    axes = compare.plot(results, chance=1 / 3)
    assert [ax.get_title() for ax in axes] == ["easy", "other"]
    assert compare.plot(results, "easy").get_title() == "easy"
    own = plt.figure().subplots()
    assert compare.plot(results, "easy", ax=own) is own
    with pytest.raises(CourseError, match="say which of easy, other"):
        compare.plot(results, ax=own)
    with pytest.raises(CourseError, match=r"no condition 'eazy'\. Did you mean 'easy'"):
        compare.plot(results, "eazy")


def test_costs_are_of_networks_only(results):
    ax = compare.plot_costs(results, "easy")
    assert [text.get_text() for text in ax.texts] == ["toy"]
    assert ax.lines[0].get_xdata() == [163]
    assert compare.plot_costs(results, "easy", figure="flops").get_xlabel() == "operations an example"
    with pytest.raises(CourseError, match="no figure 'memory'"):
        compare.plot_costs(results, "easy", figure="memory")


def test_ranks_are_over_conditions(results, tmp_path):
    ax = compare.plot_ranks(results)
    assert "toy  1.00" in [text.get_text() for text in ax.texts]
    options = {"conditions": {"x": tables}, "budget": BUDGET, "seeds": [0], "store": tmp_path}
    one = compare.run([GUESS, TOY], **options)
    with pytest.raises(CourseError, match="at least 2 conditions of at least 2 methods, got 1 and 2"):
        compare.plot_ranks(one)


SMALL = {"pairs_per_image": 1, "examples": 30}


def test_data_has_a_split_for_each_seed_or_one_for_all():
    each, one = compare.Data(**SMALL), compare.Data(split_seed=5, **SMALL)
    assert not torch.equal(each(0).train["image"], each(1).train["image"])
    assert torch.equal(one(0).train["image"], one(1).train["image"])
    assert torch.equal(one(0).train["image"], compare.Data(**SMALL)(5).train["image"])
    assert set(one(0).train) == {"image", "speech", "lengths", "label"}


def test_conditions_have_names():
    found = compare.noisy("hard", "clean", examples=7)
    assert (found["hard"].image_noise, found["hard"].snr_db, found["hard"].examples) == (0.6, -6.0, 7)
    assert (found["clean"].image_noise, found["clean"].snr_db) == (0.0, None)
    assert list(compare.noisy()) == ["clean", "middle", "hard"]


def test_noise_is_in_the_tables():
    clean, hard = (compare.noisy("clean", "hard", **SMALL)[name](0) for name in ("clean", "hard"))
    assert (hard.test["image"] - clean.test["image"]).std() == pytest.approx(0.6, abs=0.05)


def test_a_test_table_at_other_noise_is_of_the_same_pairs_and_standardised_by_training():
    condition = compare.Data(image_noise=0.1, snr_db=10.0, **SMALL)
    own, at = condition(3).test, condition.at_other_noise(3)
    same, loud = at(0.1, 10.0), at(0.5, -10.0)
    assert all(torch.equal(same[name], own[name]) for name in own)
    assert torch.equal(loud["label"], own["label"])
    assert torch.equal(loud["lengths"], own["lengths"])
    assert (loud["image"] - own["image"]).std() == pytest.approx(0.4, abs=0.05)  # the same draw, scaled
    louder = loud["speech"].mean() - own["speech"].mean()
    assert louder > 0.2  # a standardizer of its own would take the babble's level away


def test_options_and_files_of_ones_own_make_another_fingerprint(tmp_path):
    (tmp_path / "a.wav").write_bytes(b"1")
    options = {"images": str(tmp_path), "speech": str(tmp_path)}
    one = compare.Data("folder", options=options)
    before = fingerprint(one)
    assert before == fingerprint(compare.Data("folder", options=dict(options)))
    (tmp_path / "b.wav").write_bytes(b"2")
    assert fingerprint(one) != before
    others = [
        compare.Data(),
        compare.Data(snr_db=0.0),
        compare.Data(split_seed=0),
        compare.Data("mnist-fsdd"),
    ]
    assert len({fingerprint(condition) for condition in others}) == 4


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: compare.run([GUESS], conditions=["midle"]), "no condition 'midle'. Did you mean 'middle'?"),
        (lambda: compare.run([GUESS], conditions="hrad"), "no condition 'hrad'"),
        (lambda: compare.run([GUESS], conditions=[1]), "clean, middle, hard, or {name: data}; got [1]"),
        (lambda: compare.run([GUESS], conditions=[]), "got []"),
        (lambda: compare.Data("digit"), "no data set 'digit'. Did you mean 'digits'?"),
        (lambda: compare.settings_grid(rate=0.1), "rate needs a list of values to try, got 0.1"),
        (lambda: compare.settings_grid(0, rate=[0.1, 1]), "got 0"),
    ],
)
def test_what_is_not_there_gets_a_sentence(call, words):
    with pytest.raises(CourseError, match=re.escape(words)):
        call()


def test_settings_are_all_combinations_or_some():
    every = compare.settings_grid(rate=[1, 2], width=[3, 4, 5])
    assert len(every) == 6
    assert every[0] == {"rate": 1, "width": 3}
    some = compare.settings_grid(4, rate=[1, 2], width=[3, 4, 5])
    assert len(some) == 4
    assert some[0] == every[0]
    assert all(one in every for one in some)
    assert some == compare.settings_grid(4, rate=[1, 2], width=[3, 4, 5])


IMAGE, SPEECH = partial(ImageCNN, features=8, channels=4), partial(SpeechCNN, features=8, channels=4)


def heads(task):
    return TwoSenses(compare.Given(8), compare.Given(8), task.classes, hidden=16)


def test_heads_train_on_frozen_encoders_that_run_once_a_seed(tmp_path):
    source = compare.Data(pairs_per_image=1, examples=200)
    encoders = compare.Encoders({"image": IMAGE, "speech": SPEECH})
    condition = compare.Embedded(source, encoders, epochs=8, batch_size=16)
    parts = condition(1)
    assert parts.train["image"].shape == (200, 8)
    assert parts.train["lengths"].tolist() == [1] * 200

    raw = source(1)
    task = compare.Task(raw.train, raw.val, 10, 1, compare.Budget(epochs=8, batch_size=16))
    with seeded(1):
        again = encoders(task)
    with seeded(1):
        first = condition(1)
    torch.testing.assert_close(again(raw.test)["speech"], first.test["speech"])

    method = compare.network("joint", heads, learning_rate=0.02)
    found = compare.run(
        [method], seeds=[0, 1], conditions={"frozen": condition}, budget=BUDGET, store=tmp_path
    )
    assert len(list(tmp_path.glob("*.pt"))) == 4  # two results, and the embeddings of two seeds
    assert min(found.scores()["joint"]) > 0.25


def test_given_encoders_fit_the_models_of_the_course():
    batch = {"image": torch.randn(3, 8), "speech": torch.randn(3, 8), "lengths": torch.ones(3).long()}
    for model in (OneSense("image", compare.Given(8), 4), OneSense("speech", compare.Given(8), 4)):
        assert model(batch).shape == (3, 4)
    assert not list(compare.Given(8).parameters())


CELLS = [
    f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"
    "import torch\n"
    "from mmcourse import compare\n"
    "from tests.evaluation.rivals import tables, Toy\n"
    "def build(task, dropout=0.1):\n"
    "    return Toy(seed=task.seed, dropout=dropout)\n"
    "methods = [compare.network('a', build), compare.network('b', lambda task: Toy())]\n"
    "budget = compare.Budget(epochs=1)",
    "options = {'seeds': range(2), 'conditions': {'toy': tables}, 'budget': budget, 'store': 'kept'}\n"
    "results = compare.run(methods, **options)\n"
    "results",
    "again = compare.run(methods, **options)\nprint(again.rows == results.rows)",
]


def test_in_a_notebook_cell_it_is_a_table_and_a_rerun_comes_from_the_store(tmp_path, monkeypatch):
    monkeypatch.setenv("MMCOURSE_QUIET", "1")
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in CELLS])
    NotebookClient(book, resources={"metadata": {"path": str(tmp_path)}}, timeout=120).execute()
    (shown,) = book.cells[1].outputs
    assert shown["data"]["text/html"].startswith("<table>")
    assert "mean ± standard deviation over seeds" in shown["data"]["text/plain"]
    assert book.cells[2].outputs[0]["text"] == "True\n"
    assert len(os.listdir(tmp_path / "kept")) == 4
