"""What SDKs decide about toggles, and why."""

from store.evaluation.context import Context
from store.evaluation.explaining import Explanation, explain
from store.evaluation.toggles import Decision, Reason, evaluate

__all__ = ["Context", "Decision", "Explanation", "Reason", "evaluate", "explain"]
