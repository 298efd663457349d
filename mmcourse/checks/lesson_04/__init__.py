"""Exercises of lesson 4, from one step in time to a network that hears a whole word."""

from mmcourse.checks.lesson_04.cell import rnn_cell
from mmcourse.checks.lesson_04.clipping import clip_grad_norm
from mmcourse.checks.lesson_04.ends import both_ends
from mmcourse.checks.lesson_04.gru import gru_cell
from mmcourse.checks.lesson_04.largest import masked_max
from mmcourse.checks.lesson_04.last_frame import last_valid
from mmcourse.checks.lesson_04.lstm import lstm_cell
from mmcourse.checks.lesson_04.padded_run import run_padded
from mmcourse.checks.lesson_04.sequence import rnn
from mmcourse.checks.lesson_04.speech import speech_gru
from mmcourse.checks.lesson_04.through_time import rnn_backward
from mmcourse.checks.lesson_04.turning import reverse_padded

__all__ = [
    "both_ends",
    "clip_grad_norm",
    "gru_cell",
    "last_valid",
    "lstm_cell",
    "masked_max",
    "reverse_padded",
    "rnn",
    "rnn_backward",
    "rnn_cell",
    "run_padded",
    "speech_gru",
]
