"""Models built from torch.nn, one idea a file."""
