"""Twin of scratch.evidence in mmcourse.modules; tests/fusion/test_evidence.py goes through all focal sets."""

import torch
from torch.func import functional_call

from mmcourse.modules.evidence import DempsterShafer
from mmcourse.scratch import evidence as ours
from tests.twins.cases.decisions import log_probs
from tests.twins.harness import Call, Twin


def doubted(draw, tensor):
    x, present = log_probs(draw, tensor)
    return Call(x, 2 * tensor(x.shape[1]), present)


def by_logit(x, logit, present=None):
    joined, conflict = ours.dempster_shafer(x, torch.sigmoid(logit), present)
    return joined, 1 - conflict  # no conflict at all is rounding, which has no scale; agreement has


def by_module(x, logit, present=None):
    class Both(DempsterShafer):
        def forward(self, x, present):
            return super().forward(x, present), 1 - self.conflict(x, present)

    return functional_call(Both(x.shape[1]), {"logit": logit}, (x, present))


TWINS = [Twin("dempster_shafer", by_logit, by_module, doubted)]
ELSEWHERE = {"dempster_combine": "tests/fusion/test_evidence.py"}
