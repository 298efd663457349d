"""Networks from torch.nn, one idea a file, under the file names of their twins in mmcourse.scratch.

What torch.nn has is used as it is, among it Conv2d, BatchNorm2d, RNN, GRU, LSTM, MultiheadAttention and
TransformerEncoderLayer: its twin in scratch takes its state_dict. Here is what torch.nn lacks.
"""
