"""Training several senses together, so that none keeps the others from learning.

All of it works through mmcourse.training.fit: a model that answers from each sense too, with a loss that
weighs the answers; batches that lack a sense; a callback that damps the leading branch; an optimiser with a
learning rate for each branch.
"""

from mmcourse.joint.blending import Blend, blend_weights, gradient_blending, head_losses
from mmcourse.joint.branches import per_branch
from mmcourse.joint.dropping import ModalityDropout, drop_senses
from mmcourse.joint.model import JointLoss, JointModel
from mmcourse.joint.modulation import GradientModulation, alone

__all__ = [
    "Blend",
    "GradientModulation",
    "JointLoss",
    "JointModel",
    "ModalityDropout",
    "alone",
    "blend_weights",
    "drop_senses",
    "gradient_blending",
    "head_losses",
    "per_branch",
]
