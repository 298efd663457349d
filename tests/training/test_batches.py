"""Batches of tensors in memory: every row once an epoch, and an order that can be taken up again."""

import pytest
import torch

from mmcourse.training import Batches


def test_batches_deal_out_every_row_once_and_anew_each_epoch():
    table = {"row": torch.arange(23), "label": torch.arange(23) * 2}
    batches = Batches(table, 5, seed=0)
    first, second = ([batch["row"] for batch in batches] for _ in range(2))
    assert len(batches) == len(first) == 5
    assert torch.equal(torch.cat(first).sort().values, table["row"])
    assert not torch.equal(torch.cat(first), torch.cat(second))
    again = [batch["row"] for batch in Batches(table, 5, seed=0)]
    assert torch.equal(torch.cat(first), torch.cat(again))
    for batch in batches:
        assert torch.equal(batch["label"], 2 * batch["row"])
    assert torch.equal(torch.cat([batch["row"] for batch in Batches(table, 5)]), table["row"])


def test_batches_refuse_rows_that_do_not_match():
    with pytest.raises(ValueError, match=r"same number of rows, got \{'a': 3, 'b': 4\}"):
        Batches({"a": torch.zeros(3), "b": torch.zeros(4)})


def test_batches_of_no_rows_and_of_no_size_are_refused():
    with pytest.raises(ValueError, match="at least one row"):
        Batches({"x": torch.zeros(0, 3)})
    with pytest.raises(ValueError, match="batch_size must be at least 1, got 0"):
        Batches({"x": torch.zeros(2, 3)}, 0)


def test_the_order_of_an_epoch_comes_back():
    batches = Batches({"row": torch.arange(23)}, 5, seed=0)
    list(batches)
    state = batches.state_dict()
    want = [batch["row"].tolist() for batch in batches]
    after = [batch["row"].tolist() for batch in batches]
    batches.load_state_dict(state)
    assert [batch["row"].tolist() for batch in batches] == want
    assert [batch["row"].tolist() for batch in batches] == after != want
