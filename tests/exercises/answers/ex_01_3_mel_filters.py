"""Answers to 01.3 as learners write them: wrong ones with words of their hint, right ones, crashing ones."""

import math

import torch


def to_mel(hertz):
    return 2595 * math.log10(1 + hertz / 700)


def to_hertz(mel):
    return 700 * (10 ** (mel / 2595) - 1)


def triangles(bins, points):
    """Rows: bins. Columns: one triangle over each three neighbouring points."""
    filters = torch.zeros(len(bins), len(points) - 2)
    for m in range(len(points) - 2):
        left, centre, right = (float(p) for p in points[m : m + 3])
        for k, f in enumerate(bins):
            f = float(f)
            if left < f <= centre:
                filters[k, m] = (f - left) / (centre - left)
            elif centre < f < right:
                filters[k, m] = (right - f) / (right - centre)
    return filters


def wrong_equal_steps_in_hertz(n_freqs, sample_rate, n_mels):
    """hint: equal steps in hertz"""
    bins = torch.linspace(0, sample_rate / 2, n_freqs)
    points = torch.linspace(0, sample_rate / 2, n_mels + 2)
    return triangles(bins, points)


def wrong_transposed(n_freqs, sample_rate, n_mels):
    """hint: transposed"""
    bins = torch.linspace(0, sample_rate / 2, n_freqs)
    mels = torch.linspace(0, to_mel(sample_rate / 2), n_mels + 2)
    return triangles(bins, [to_hertz(float(m)) for m in mels]).T


def wrong_up_to_the_sample_rate(n_freqs, sample_rate, n_mels):
    """hint: half the sample rate"""
    bins = torch.linspace(0, sample_rate / 2, n_freqs)
    step = to_mel(sample_rate) / (n_mels + 1)
    points = [to_hertz(i * step) for i in range(n_mels + 2)]
    return triangles(bins, points)


def wrong_bins_up_to_the_sample_rate(n_freqs, sample_rate, n_mels):
    """hint: last bin"""
    bins = torch.arange(n_freqs) * sample_rate / (n_freqs - 1)
    mels = torch.linspace(0, to_mel(sample_rate / 2), n_mels + 2)
    return triangles(bins, [to_hertz(float(m)) for m in mels])


def wrong_bins_of_the_wrong_width(n_freqs, sample_rate, n_mels):
    """hint: bin"""
    bins = [k * sample_rate / 2 / n_freqs for k in range(n_freqs)]
    mels = torch.linspace(0, to_mel(sample_rate / 2), n_mels + 2)
    return triangles(bins, [to_hertz(float(m)) for m in mels])


def wrong_negative_sides(n_freqs, sample_rate, n_mels):
    """hint: negative"""
    bins = torch.linspace(0, sample_rate / 2, n_freqs)
    points = torch.tensor([to_hertz(i * to_mel(sample_rate / 2) / (n_mels + 1)) for i in range(n_mels + 2)])
    up = (bins[:, None] - points[:-2]) / (points[1:-1] - points[:-2])
    down = (points[2:] - bins[:, None]) / (points[2:] - points[1:-1])
    return torch.minimum(up, down)


def wrong_rounded_to_bins(n_freqs, sample_rate, n_mels):
    """hint: rounded"""
    filters = torch.zeros(n_freqs, n_mels)
    top = to_mel(sample_rate / 2)
    hertz = [to_hertz(top * i / (n_mels + 1)) for i in range(n_mels + 2)]
    edges = [math.floor(h / (sample_rate / 2) * (n_freqs - 1)) for h in hertz]
    for m in range(n_mels):
        left, centre, right = edges[m], edges[m + 1], edges[m + 2]
        for k in range(left, centre):
            filters[k, m] = (k - left) / (centre - left)
        for k in range(centre, right):
            filters[k, m] = (right - k) / (right - centre)
    return filters


def wrong_no_two_extra_points(n_freqs, sample_rate, n_mels):
    """hint: n_mels + 2"""
    bins = torch.linspace(0, sample_rate / 2, n_freqs)
    mels = torch.linspace(0, to_mel(sample_rate / 2), n_mels)
    return triangles(bins, [to_hertz(float(m)) for m in mels])


def wrong_natural_logarithm(n_freqs, sample_rate, n_mels):
    """hint: logarithm"""
    bins = torch.linspace(0, sample_rate / 2, n_freqs)
    top = 2595 * math.log(1 + sample_rate / 2 / 700)
    points = [700 * (10 ** (top * i / (n_mels + 1) / 2595) - 1) for i in range(n_mels + 2)]
    return triangles(bins, points)


def wrong_equal_area(n_freqs, sample_rate, n_mels):
    """hint: area"""
    bins = torch.linspace(0, sample_rate / 2, n_freqs)
    mels = torch.linspace(0, to_mel(sample_rate / 2), n_mels + 2)
    points = torch.tensor([to_hertz(float(m)) for m in mels])
    return triangles(bins, points) * (2 / (points[2:] - points[:-2]))


def wrong_columns_sum_to_one(n_freqs, sample_rate, n_mels):
    """hint: sum"""
    bins = torch.linspace(0, sample_rate / 2, n_freqs)
    mels = torch.linspace(0, to_mel(sample_rate / 2), n_mels + 2)
    filters = triangles(bins, [to_hertz(float(m)) for m in mels])
    return filters / filters.sum(dim=0, keepdim=True)


def wrong_boxes(n_freqs, sample_rate, n_mels):
    """hint: triangle"""
    bins = torch.linspace(0, sample_rate / 2, n_freqs)
    mels = torch.linspace(0, to_mel(sample_rate / 2), n_mels + 2)
    return (triangles(bins, [to_hertz(float(m)) for m in mels]) > 0).float()


def wrong_straight_in_mel(n_freqs, sample_rate, n_mels):
    """hint: straight lines over hertz"""
    bins = [to_mel(k * sample_rate / 2 / (n_freqs - 1)) for k in range(n_freqs)]
    points = torch.linspace(0, to_mel(sample_rate / 2), n_mels + 2, dtype=torch.float64)
    return triangles(bins, points)


def right_loops(n_freqs, sample_rate, n_mels):
    bins = [k * sample_rate / (2 * (n_freqs - 1)) for k in range(n_freqs)]
    points = [to_hertz(to_mel(sample_rate / 2) * i / (n_mels + 1)) for i in range(n_mels + 2)]
    return triangles(bins, points)


def right_natural_logarithm_with_its_constant(*, n_freqs, sample_rate=8000, n_mels=20):
    scale = 2595 / math.log(10)
    top = scale * math.log1p(sample_rate / 2 / 700)
    points = [700 * math.expm1(top * i / (n_mels + 1) / scale) for i in range(n_mels + 2)]
    return triangles(torch.linspace(0, sample_rate / 2, n_freqs, dtype=torch.float64), points)


def right_transposed_view_in_float64(n_freqs, sample_rate, n_mels):
    bins = torch.linspace(0, sample_rate / 2, n_freqs, dtype=torch.float64)
    points = torch.linspace(0, to_mel(sample_rate / 2), n_mels + 2, dtype=torch.float64)
    points = 700 * (10 ** (points / 2595) - 1)
    up = (bins - points[:-2, None]) / (points[1:-1] - points[:-2])[:, None]
    down = (points[2:, None] - bins) / (points[2:] - points[1:-1])[:, None]
    return torch.minimum(up, down).clamp(min=0).T


def crash_log_of_a_tensor(n_freqs, sample_rate, n_mels):
    """line: math.log10(1 + bins / 700)"""
    bins = torch.linspace(0, sample_rate / 2, n_freqs)
    mels = 2595 * math.log10(1 + bins / 700)
    return mels[:, None].expand(n_freqs, n_mels)


def crash_index_past_the_last_point(n_freqs, sample_rate, n_mels):
    """line: points[m + 2]"""
    points = [to_hertz(to_mel(sample_rate / 2) * i / n_mels) for i in range(n_mels + 1)]
    widths = [points[m + 2] - points[m] for m in range(n_mels)]
    return torch.tensor(widths)


def corners(top, count):
    mels = torch.linspace(0, 2595 * math.log10(1 + top / 700), count)
    return 700 * (10 ** (mels / 2595) - 1)


def bank(bins, points):
    up = (bins[:, None] - points[:-2]) / (points[1:-1] - points[:-2])
    down = (points[2:] - bins[:, None]) / (points[2:] - points[1:-1])
    return torch.minimum(up, down).clamp(min=0)


def wrong_sample_rate_everywhere(n_freqs, sample_rate, n_mels):
    """hint: half of it"""
    return bank(torch.linspace(0, sample_rate, n_freqs), corners(sample_rate, n_mels + 2))


def wrong_brackets(n_freqs, sample_rate, n_mels):
    """hint: inside the brackets"""
    mels = torch.linspace(0, 2595 * math.log10(1 + sample_rate / 2 / 700), n_mels + 2)
    points = 700 * 10 ** (mels / 2595) - 1
    return bank(torch.linspace(0, sample_rate / 2, n_freqs), points)


def wrong_rising_side_only(n_freqs, sample_rate, n_mels):
    """hint: only the rising side"""
    points, bins = corners(sample_rate / 2, n_mels + 2), torch.linspace(0, sample_rate / 2, n_freqs)
    return ((bins[:, None] - points[:-2]) / (points[1:-1] - points[:-2])).clamp(0, 1)
