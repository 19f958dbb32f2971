"""The mutation type, assembled from the mutations of each kind of object."""

import strawberry

from graph.events import mutations as change_sets
from graph.events import rollout_mutations as rollouts
from graph.subject_mutations import SubjectMutation
from graph.transfer import mutations as transfer


@strawberry.type(
    description=(
        "All mutations. Each mutation runs in one transaction and records its events in the audit "
        "log."
    )
)
class Mutation(SubjectMutation):
    change_set_apply = change_sets.change_set_apply
    change_set_revert = change_sets.change_set_revert
    change_set_cancel = change_sets.change_set_cancel
    rollout_schedule = rollouts.rollout_schedule
    rollout_pause = rollouts.rollout_pause
    rollout_resume = rollouts.rollout_resume
    state_import = transfer.state_import
