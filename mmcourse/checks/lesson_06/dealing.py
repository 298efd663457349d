"""Deal the rows of an epoch out to several processes."""

from mmcourse.checks import Case, Exercise, lazy
from mmcourse.checks.lesson_06._dealt import Dealt, fault

torch, np = lazy("torch"), lazy("numpy")
random = lazy("random")


def _rows(rows, batch_size, epoch, seed, rank, size):
    order = torch.randperm(rows, generator=torch.Generator().manual_seed(1000003 * seed + epoch))
    return [batch[rank::size].tolist() for batch in order.split(batch_size)]


def _use(answer, rows, batch_size, epoch, seed, rank, size):
    """What an answer gives to every process, and what it gives for other epochs, seeds and sizes."""
    random_numbers = _random_numbers()
    asked = answer(rows, batch_size, epoch, seed, rank, size)
    touched = _random_numbers() != random_numbers
    if asked is None:
        return None

    def deal(epoch=epoch, seed=seed, size=size):
        return [answer(rows, batch_size, epoch, seed, one, size) for one in range(size)]

    shares = deal()
    torch.rand(1), np.random.rand(), random.random()  # so that what is drawn from these differs
    return Dealt(
        asked,
        shares,
        again=deal(),
        epochs=[deal(epoch=epoch + more) for more in (1, 2)],
        seeds=[deal(seed=seed + more) for more in (1, 2)],
        alone=deal(size=1),
        touched=touched,
    )


def _random_numbers():
    """The state of the three generators that everybody shares."""
    return torch.get_rng_state().tolist(), random.getstate(), str(np.random.get_state())


def _judge(dealt, _wanted, args):
    rows, batch_size, epoch, _, rank, size = args.args
    return fault(dealt, rows, batch_size, epoch, rank, size)


rows_of_process = Exercise(
    id="06.10",
    name="rows_of_process",
    title="Rows for each process",
    difficulty=2,
    minutes=20,
    stub="shuffle the rows by seed and epoch, cut them into batches, and return this process's share of each",
    parameters=("rows", "batch_size", "epoch", "seed", "rank", "size"),
    reference=_rows,
    call=_use,
    judge=_judge,
    hints=(
        "Two processes never talk about the order of the rows. From what must each draw it, so that both "
        "have the same, and another one in the next epoch?",
        "Shuffle, then cut into batches, then share each batch. Which slice takes every second entry, "
        "beginning with the one of my rank?",
        "order = torch.randperm(rows, generator=torch.Generator().manual_seed(…seed and epoch…)); for each "
        "batch in order.split(batch_size): batch[rank::size].tolist().",
    ),
    cases=(
        Case("five rows in two batches, the first of two processes", lambda g: (5, 4, 0, 0, 0, 2)),
        Case("a last batch that is smaller", lambda g: (23, 6, 0, 0, 1, 2)),
        Case("three processes, batches of eight", lambda g: (30, 8, 3, 7, 2, 3)),
        Case("a last batch of five rows for four processes", lambda g: (37, 16, 1, 5, 3, 4)),
        Case("one process", lambda g: (14, 4, 2, 1, 0, 1)),
        Case("everything divides", lambda g: (24, 6, 0, 3, 1, 2)),
        Case("fewer rows than processes", lambda g: (3, 8, 0, 0, 3, 4)),
        Case("a batch smaller than the number of processes", lambda g: (20, 3, 4, 2, 3, 4)),
    ),
    variants=(),
    time_limit=20.0,
    noticing="A batch is the same whatever the number of processes, so a training may stop on two and go on "
    "on one. torch's DistributedSampler repeats some rows instead, so that all shares are of one size.",
)
