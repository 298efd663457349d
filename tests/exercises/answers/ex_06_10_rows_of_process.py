"""Answers to 06.10 as learners write them: wrong ones with words of their hint, right ones, crashing ones."""

import random

import numpy as np
import torch


def ordered(rows, *numbers):
    order = list(range(rows))
    random.Random(str(numbers)).shuffle(order)
    return order


def cut(order, size):
    return [order[start : start + size] for start in range(0, len(order), size)]


def wrong_not_shuffled(rows, batch_size, epoch, seed, rank, size):
    """hint: in the order of the table"""
    return [batch[rank::size] for batch in cut(list(range(rows)), batch_size)]


def wrong_same_order_each_epoch(rows, batch_size, epoch, seed, rank, size):
    """hint: has to hold the epoch"""
    order = torch.randperm(rows, generator=torch.Generator().manual_seed(seed))
    return [batch[rank::size].tolist() for batch in order.split(batch_size)]


def wrong_seed_ignored(rows, batch_size, epoch, seed, rank, size):
    """hint: has to hold `seed` as well"""
    order = torch.randperm(rows, generator=torch.Generator().manual_seed(epoch))
    return [batch[rank::size].tolist() for batch in order.split(batch_size)]


def wrong_every_process_its_own_order(rows, batch_size, epoch, seed, rank, size):
    """hint: is the order the same in all processes"""
    return [batch[rank::size] for batch in cut(ordered(rows, seed, epoch, rank), batch_size)]


def wrong_no_seed(rows, batch_size, epoch, seed, rank, size):
    """hint: the same arguments gave two different lists"""
    order = torch.randperm(rows)
    return [batch[rank::size].tolist() for batch in order.split(batch_size)]


def wrong_numpy_without_seed(rows, batch_size, epoch, seed, rank, size):
    """hint: a generator of your own, seeded by seed and epoch"""
    order = np.random.default_rng().permutation(rows).tolist()
    return [batch[rank::size] for batch in cut(order, batch_size)]


def wrong_global_seed(rows, batch_size, epoch, seed, rank, size):
    """hint: the generator that all share"""
    torch.manual_seed(seed * 1000 + epoch)
    return [batch[rank::size].tolist() for batch in torch.randperm(rows).split(batch_size)]


def wrong_filled_up(rows, batch_size, epoch, seed, rank, size):
    """hint: as if to fill up"""
    batches = cut(ordered(rows, seed, epoch), batch_size)
    filled = [batch + batch[: -len(batch) % size] for batch in batches]
    return [batch[rank::size] for batch in filled]


def wrong_rest_dropped_in_each_batch(rows, batch_size, epoch, seed, rank, size):
    """hint: the rest is somebody's too"""
    shares = []
    for batch in cut(ordered(rows, seed, epoch), batch_size):
        each = len(batch) // size
        shares.append(batch[rank * each : (rank + 1) * each])
    return shares


def wrong_last_batch_dropped(rows, batch_size, epoch, seed, rank, size):
    """hint: the last batch is smaller, but its rows count too"""
    order = ordered(rows, seed, epoch)
    return [order[k * batch_size : (k + 1) * batch_size][rank::size] for k in range(rows // batch_size)]


def wrong_empty_shares_left_out(rows, batch_size, epoch, seed, rank, size):
    """hint: a share may be an empty list, keep it"""
    shares = [batch[rank::size] for batch in cut(ordered(rows, seed, epoch), batch_size)]
    return [share for share in shares if share]


def wrong_batch_size_of_each(rows, batch_size, epoch, seed, rank, size):
    """hint: batch_size is that of all processes together"""
    return cut(ordered(rows, seed, epoch)[rank::size], batch_size)


def wrong_all_rows_to_all(rows, batch_size, epoch, seed, rank, size):
    """hint: every process goes through all rows"""
    return cut(ordered(rows, seed, epoch), batch_size)


def wrong_batches_dealt_whole(rows, batch_size, epoch, seed, rank, size):
    """hint: cut the rows into batches first, and share out each of them"""
    return cut(ordered(rows, seed, epoch), batch_size // size or 1)[rank::size]


def wrong_shares_rounded_up(rows, batch_size, epoch, seed, rank, size):
    """hint: should differ by one row at most"""
    shares = []
    for batch in cut(ordered(rows, seed, epoch), batch_size):
        each = -(-len(batch) // size)
        shares.append(batch[rank * each : (rank + 1) * each])
    return shares


def wrong_only_batches_shuffled(rows, batch_size, epoch, seed, rank, size):
    """hint: only the order of the batches changes"""
    batches = cut(ordered(rows, seed), batch_size)
    middle = batches[:-1]
    random.Random(str((seed, epoch))).shuffle(middle)
    return [batch[rank::size] for batch in middle + batches[-1:]]


def wrong_own_rows_for_ever(rows, batch_size, epoch, seed, rank, size):
    """hint: process 0 has the same rows in every epoch"""
    batches, place = cut(list(range(rows)), batch_size), 0
    own = [row for batch in batches for row in batch[rank::size]]
    random.Random(str((seed, epoch))).shuffle(own)
    shares = []
    for batch in batches:
        count = len(batch[rank::size])
        shares.append(own[place : place + count])
        place += count
    return shares


def wrong_order_depends_on_the_number(rows, batch_size, epoch, seed, rank, size):
    """hint: the order must not depend on size or rank"""
    return [batch[rank::size] for batch in cut(ordered(rows, seed, epoch, size), batch_size)]


def wrong_drawn_with_putting_back(rows, batch_size, epoch, seed, rank, size):
    """hint: drawn without putting back"""
    order = random.Random(str((seed, epoch))).choices(range(rows), k=rows)
    return [batch[rank::size] for batch in cut(order, batch_size)]


def wrong_a_flat_list(rows, batch_size, epoch, seed, rank, size):
    """hint: a list of lists is wanted"""
    return ordered(rows, seed, epoch)[rank::size]


def wrong_counts_from_one(rows, batch_size, epoch, seed, rank, size):
    """hint: there is no row"""
    order = [row + 1 for row in ordered(rows, seed, epoch)]
    return [batch[rank::size] for batch in cut(order, batch_size)]


def wrong_returns_nothing(rows, batch_size, epoch, seed, rank, size):
    """hint: return"""
    [batch[rank::size] for batch in cut(ordered(rows, seed, epoch), batch_size)]


def right_with_python(rows, batch_size, epoch, seed, rank, size):
    return [batch[rank::size] for batch in cut(ordered(rows, seed, epoch), batch_size)]


def right_pieces_in_a_row(rows, batch_size, epoch, seed, rank, size):
    order = np.random.default_rng([seed, epoch]).permutation(rows)
    batches = np.split(order, range(batch_size, rows, batch_size))
    return [np.array_split(batch, size)[rank] for batch in batches]


def right_tensors_and_torchs_own_seed(*, rows, batch_size, epoch, seed, rank, size):
    generator = torch.Generator()
    generator.manual_seed(seed + epoch)
    order = torch.randperm(rows, generator=generator)
    return tuple(batch.tensor_split(size)[rank] for batch in order.split(batch_size))


def crash_seeded_by_a_pair(rows, batch_size, epoch, seed, rank, size):
    """line: generator=torch.manual_seed"""
    return torch.randperm(rows, generator=torch.manual_seed((seed, epoch)))
