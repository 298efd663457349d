"""Panels of a lesson: move a slider, and the figure, the sound and the model's opinion follow."""

from mmcourse.widgets.attention_map import attention_map_panel
from mmcourse.widgets.corruption import corruption_panel
from mmcourse.widgets.fusion_weights import fusion_weights_panel
from mmcourse.widgets.inspector import draw_pair, inspect_pairs
from mmcourse.widgets.kernel import kernel_panel
from mmcourse.widgets.learning_curve import learning_curve_panel
from mmcourse.widgets.learning_rate_dial import learning_rate_dial
from mmcourse.widgets.mute import mute_panel
from mmcourse.widgets.retrieval import retrieval_panel
from mmcourse.widgets.unrolled import unrolled_panel

__all__ = [
    "attention_map_panel",
    "corruption_panel",
    "draw_pair",
    "fusion_weights_panel",
    "inspect_pairs",
    "kernel_panel",
    "learning_curve_panel",
    "learning_rate_dial",
    "mute_panel",
    "retrieval_panel",
    "unrolled_panel",
]
