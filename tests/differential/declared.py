"""The differences that `docs/reference/rest-differences.md` lists, as rules by their keys."""

from tests.differential import admin_rules, client_rules, state_rules, universal_rules
from tests.differential.rules import RULES, SILENT_RULES, Diverges, rule_for, silent_rules_for

__all__ = ["RULES", "SILENT_RULES", "Diverges", "rule_for", "silent_rules_for"]

# Importing these modules adds their rules. The first matching rule is used, so rules for all calls
# are imported last.
_MODULES = (admin_rules, client_rules, state_rules, universal_rules)
