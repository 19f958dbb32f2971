"""What SDKs decide about toggles, and why."""

from store.evaluation.context import Context
from store.evaluation.deciding import deciders, evaluate
from store.evaluation.explaining import Explanation, explain
from store.evaluation.toggles import Decision, Reason

__all__ = ["Context", "Decision", "Explanation", "Reason", "deciders", "evaluate", "explain"]
