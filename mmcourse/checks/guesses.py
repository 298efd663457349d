"""Where no known mistake fits: what the answer's own code, and the inputs it passed, give away."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable
from typing import Any

from mmcourse.checks.attempt import Attempt
from mmcourse.checks.fingerprint import code_of
from mmcourse.checks.trials import Trial
from mmcourse.checks.walk import float_tensors

_UNWRITTEN = {"empty", "empty_like", "new_empty"}


def guess(answer: Callable[..., Any], trial: Trial, tried: Attempt, passed: list[Trial]) -> str:
    """A sentence on the likely cause of a fault, or ''; `passed` are the trials before it."""
    stage = tried.fault.stage
    if stage in ("values", "nan") and _UNWRITTEN & set(getattr(code_of(answer), "co_names", ())):
        return (
            "torch.empty and empty_like write nothing: what stands there is whatever the memory held. For "
            "zeros take torch.zeros or torch.zeros_like."
        )
    if stage in ("exception", "rank", "shape") and not tried.fault.likely and _has_more_axes(trial, passed):
        return (
            "It worked on inputs with fewer axes; here more of them stand in front. Count axes from the end: "
            "dim=-1, x.shape[-1], x[..., a:b]."
        )
    return ""


def _has_more_axes(trial: Trial, passed: list[Trial]) -> bool:
    """Whether an input has more axes than in any trial that the answer passed."""
    ranks = [[tensor.dim() for tensor in float_tensors(one.fresh())] for one in (trial, *passed)]
    here, *before = [max(rank, default=0) for rank in ranks]
    return bool(before) and here > max(before)


def has_code(answer: Any) -> bool:
    """Whether something stands in the function beside its docstring and `raise NotImplementedError(…)`."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(code_of(answer))))
    except (OSError, TypeError, SyntaxError, ValueError):  # no source, or no plain function
        return False
    body = getattr(tree.body[0], "body", []) if tree.body else []
    return isinstance(body, list) and any(not _is_blank(statement) for statement in body)


def _is_blank(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Raise):
        return "NotImplementedError" in ast.unparse(statement)
    return isinstance(statement, ast.Pass) or (
        isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    )
