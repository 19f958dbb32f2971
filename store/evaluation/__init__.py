"""Evaluate toggles as SDKs do, and explain the results."""

from store.evaluation.context import Context
from store.evaluation.deciding import deciders, evaluate
from store.evaluation.explaining import Explanation, explain
from store.evaluation.rendering import render_decisions
from store.evaluation.slicing import EvaluationTimeoutError, evaluate_each
from store.evaluation.toggles import Decision, Reason

__all__ = [
    "Context",
    "Decision",
    "EvaluationTimeoutError",
    "Explanation",
    "Reason",
    "deciders",
    "evaluate",
    "evaluate_each",
    "explain",
    "render_decisions",
]
