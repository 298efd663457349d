"""Twins of scratch.reliability in mmcourse.modules."""

from torch.func import functional_call

from mmcourse.modules import reliability as theirs
from mmcourse.scratch import reliability as ours
from tests.twins.cases.decisions import log_probs
from tests.twins.harness import Call, Twin


def scaled(draw, tensor):
    x, present = log_probs(draw, tensor)
    return Call(x, tensor(x.shape[1]), present)


def gated(draw, tensor):
    x, present = log_probs(draw, tensor)
    senses = x.shape[1]
    parameters = {"log_temperature": tensor(senses), "weight": tensor(senses, 3), "bias": tensor(senses)}
    return Call(parameters, x, present)


def by_module(x, log_temperature, present=None):
    module = theirs.TemperatureScaling(x.shape[1])
    return functional_call(module, {"log_temperature": log_temperature}, (x, present))


def by_mixture(parameters, x, present=None):
    return functional_call(theirs.ReliabilityMixture(x.shape[1]), parameters, (x, present))


TWINS = [
    Twin("temperature_scaling", ours.temperature_scaling, by_module, scaled),
    Twin("reliability_mixture", ours.reliability_mixture, by_mixture, gated, covers=("confidence_features",)),
]
ELSEWHERE = dict.fromkeys(
    ["fit_weights", "fit_temperature", "fit_gate", "fit_reliability"], "tests/fusion/test_decision_fitting.py"
)
