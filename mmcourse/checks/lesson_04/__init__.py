"""Exercises of lesson 4, from one step in time to a network that hears a whole word."""

from mmcourse.checks.lesson_04.cell import rnn_cell
from mmcourse.checks.lesson_04.gru import gru_cell
from mmcourse.checks.lesson_04.largest import masked_max
from mmcourse.checks.lesson_04.last_frame import last_valid
from mmcourse.checks.lesson_04.lstm import lstm_cell
from mmcourse.checks.lesson_04.sequence import rnn

__all__ = [
    "gru_cell",
    "last_valid",
    "lstm_cell",
    "masked_max",
    "rnn",
    "rnn_cell",
]
