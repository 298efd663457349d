"""The methods that bench_fusion.py compares, end to end: each sense alone, and every way to join both.

Rules that join decisions, and stacking, ask models that were trained apart. These are the same for all of
them, and for the rows of one sense: trained once for a seed and a learning rate, and then remembered.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

import torch
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.svm import SVC
from torch import Tensor, nn

from mmcourse import classical, compare
from mmcourse.joint import JointLoss, JointModel, ModalityDropout
from mmcourse.modules.decision_fitting import fit_decision
from mmcourse.modules.decisions import ProductOfExperts
from mmcourse.modules.fused import Decisions
from mmcourse.modules.fusions import FUSIONS, build
from mmcourse.modules.image_models import ImageCNN
from mmcourse.modules.multimodal import SENSES, OneSense
from mmcourse.modules.speech_models import SpeechCNN
from mmcourse.training import Batches, evaluating, fit, seeded

WIDTH = 64
RATES = (2e-3, 8e-3)
FOLDS = 3
CLASSICAL = "features joined"  # end of the names of classical methods
DROPPED = 0.2  # share of the examples that lose a sense, by modality dropout

_models: dict[tuple, nn.Module] = {}
_folds: dict[tuple, classical.OutOfFold] = {}
_training: list[Tensor] = []  # that the remembered were made of


def remember(task: compare.Task) -> None:
    """Forget what was trained on other data."""
    if not _training or _training[0] is not task.train["label"]:
        _models.clear()
        _folds.clear()
        _training[:] = [task.train["label"]]


def encoder(sense: str, train: Mapping[str, Tensor]) -> nn.Module:
    """Make the course's network for a sense, of the sizes of the data."""
    return ImageCNN(WIDTH) if sense == "image" else SpeechCNN(WIDTH, n_mels=train["speech"].shape[1])


def one_sense(task: compare.Task, sense: str, learning_rate: float) -> nn.Module:
    """Train a model of one sense, or remember it."""
    remember(task)
    key = sense, learning_rate, task.seed, task.budget
    if key not in _models:
        with seeded(task.seed):
            model = OneSense(sense, encoder(sense, task.train), task.classes)
            _models[key] = task.fit(model, learning_rate=learning_rate)
    else:
        task.trainings += 1  # it counts for whoever uses it
    return _models[key]


def joint(task: compare.Task, fusion: str) -> nn.Module:
    """Make a classifier that joins inputs, tokens, maps or embeddings."""
    image, speech = task.train["image"], task.train["speech"]
    return build(
        fusion, task.classes, features=WIDTH, n_mels=speech.shape[1], pixels=image[0].numel(), hidden=WIDTH
    )


def decided(task: compare.Task, rule: str, learning_rate: float) -> nn.Module:
    """Join the decisions of models that were trained apart; what a rule has to learn, it learns on val."""
    models = {sense: one_sense(task, sense, learning_rate) for sense in SENSES}
    decision = FUSIONS[rule].make(len(SENSES), task.classes)
    if isinstance(decision, ProductOfExperts):
        shares = torch.bincount(task.train["label"], minlength=task.classes) / len(task.train["label"])
        decision = ProductOfExperts(shares.log())
    model = Decisions(models, decision)
    if any(True for _ in decision.parameters()):
        with evaluating(model):
            said = torch.cat([model.log_probs(batch) for batch in Batches(task.val, 256)])
        fit_decision(decision, said, task.val["label"])
    return model


def stacked(task: compare.Task, estimator: str, learning_rate: float) -> nn.Module:
    """Let a classifier learn from decisions that each fold's models, trained on the others, make of it."""
    models = {sense: one_sense(task, sense, learning_rate) for sense in SENSES}
    key = learning_rate, task.seed, task.budget
    if key not in _folds:
        fold = _dealt(task)
        _folds[key] = classical.side_by_side(
            *(_out_of_fold(task, sense, fold, learning_rate) for sense in SENSES)
        )
    else:
        task.trainings += len(SENSES) * len(_folds[key].fold.unique())
    return Decisions(models, classical.Stacking(estimator, seed=task.seed).fit(_folds[key]))


def _dealt(task: compare.Task) -> Tensor:
    """Deal the training rows out by speaker, as test speakers are new too."""
    speakers = task.train["speaker"].tolist()
    generator = torch.Generator().manual_seed(task.seed)
    folds = min(FOLDS, len(set(speakers)))
    return classical.deal_folds(task.train["label"], folds, groups=speakers, generator=generator)


def _out_of_fold(task: compare.Task, sense: str, fold: Tensor, learning_rate: float) -> classical.OutOfFold:
    def trained(model: nn.Module, rows: dict[str, Tensor]) -> nn.Module:
        part = compare.Task(rows, task.val, task.classes, task.seed, task.budget)
        task.trainings += 1
        return part.fit(model, learning_rate=learning_rate)

    def asked(model: nn.Module, rows: dict[str, Tensor]) -> Tensor:
        with evaluating(model):
            return torch.cat([model(batch) for batch in Batches(rows, 256)])

    def made() -> nn.Module:
        return OneSense(sense, encoder(sense, task.train), task.classes)

    with seeded(task.seed):
        return classical.out_of_fold(made, trained, asked, task.train, fold, classes=task.classes)


def with_own_losses(task: compare.Task, learning_rate: float, dropped: float = 0.0) -> nn.Module:
    """Train concatenation with a head and a loss for each sense too, and senses missing now and then."""
    model = JointModel({sense: encoder(sense, task.train) for sense in SENSES}, task.classes, hidden=WIDTH)
    loss = JointLoss(task.classes)
    if not dropped:
        return task.fit(model, learning_rate=learning_rate, loss=loss)
    budget = task.budget
    batches = ModalityDropout(Batches(task.train, budget.batch_size, seed=task.seed), dropped, seed=task.seed)
    task.trainings += 1
    options = {"epochs": budget.epochs, "seed": task.seed, "device": budget.device}
    fit(model, batches, Batches(task.val, 256), loss=loss, learning_rate=learning_rate, **options)
    return model


def fitted(task: compare.Task, estimator: Callable, picture: str) -> nn.Module:
    """Fit a classical method to features of both senses side by side."""
    cell = max(2, task.train["image"].shape[-1] // 7)
    of_picture = classical.pixels if picture == "pixels" else classical.hog_of(cell=cell)
    by = {"image": of_picture, "speech": classical.pooled_log_mel()}
    task.trainings += 1
    return classical.fit_classical(estimator(task.seed), [task.train], by, classes=task.classes)


def logistic(seed: int) -> LogisticRegression:
    """Logistic regression; nothing in it is random."""
    return LogisticRegression(C=0.1, max_iter=2000)


def svm(seed: int) -> SVC:
    """Support vector machine with a Gaussian kernel; nothing in it is random."""
    return SVC(C=10.0)


def forest(seed: int) -> RandomForestClassifier:
    """100 trees."""
    return RandomForestClassifier(100, random_state=seed)


def methods(chosen: Mapping[str, Mapping] | None = None) -> list[compare.Method]:
    """List all methods.

    chosen  name -> the one setting to use. Where None, each has two: two learning rates, or for classical
            ones two features of the picture
    """
    rates = [{"learning_rate": rate} for rate in RATES]
    pictures = [{"picture": name} for name in ("pixels", "HOG")]
    found = [
        compare.Method("Picture alone", partial(one_sense, sense="image"), rates, "one sense"),
        compare.Method("Speech alone", partial(one_sense, sense="speech"), rates, "one sense"),
        *(_of_registry(name, rates) for name in FUSIONS),
        compare.Method("Stacking, logistic", partial(stacked, estimator="logistic"), rates, "late"),
        compare.Method("Stacking, forest", partial(stacked, estimator="forest"), rates, "late"),
        compare.Method("Concatenation + own losses", with_own_losses, rates, "intermediate"),
        compare.Method(
            "Concatenation + own losses, dropout of senses",
            partial(with_own_losses, dropped=DROPPED),
            rates,
            "intermediate",
        ),
    ]
    for name, estimator in (("Logistic regression", logistic), ("SVM", svm), ("Random forest", forest)):
        train = partial(fitted, estimator=estimator)
        found.append(compare.Method(f"{name}, {CLASSICAL}", train, pictures, "early"))
    if chosen is None:
        return found
    return [replace(method, settings=[chosen.get(method.name, method.settings[0])]) for method in found]


def _of_registry(name: str, rates: list[dict]) -> compare.Method:
    """Make the method of an entry of FUSIONS, so that whoever adds one finds it in the table."""
    fusion = FUSIONS[name]
    if fusion.joins == "decisions":
        return compare.Method(fusion.title, partial(decided, rule=name), rates, fusion.level)
    return compare.network(fusion.title, partial(joint, fusion=name), settings=rates, level=fusion.level)
