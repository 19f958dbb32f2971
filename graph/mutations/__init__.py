"""Everything that can be changed, assembled from the mutations on each kind of object."""

import strawberry

from graph.mutations import (
    application,
    change_set,
    configuration,
    context_field,
    environment,
    project,
    segment,
    state,
    strategy,
    tag_type,
    toggle,
    toggle_type,
    token,
)


@strawberry.type(
    description=(
        "Everything that can be changed; each mutation is one transaction and leaves its events in "
        "the audit log."
    )
)
class Mutation:
    toggle_create = toggle.toggle_create
    toggle_update = toggle.toggle_update
    toggle_set_enabled = configuration.toggle_set_enabled
    toggle_configure = configuration.toggle_configure
    toggle_copy_configuration = configuration.toggle_copy_configuration
    toggle_strategy_add = configuration.toggle_strategy_add
    toggle_strategy_update = configuration.toggle_strategy_update
    toggle_strategy_remove = configuration.toggle_strategy_remove
    toggle_tags = toggle.toggle_tags
    toggle_set_dependencies = toggle.toggle_set_dependencies
    toggle_archive = toggle.toggle_archive
    toggle_revive = toggle.toggle_revive
    toggle_delete = toggle.toggle_delete
    toggle_revert_to = change_set.toggle_revert_to
    toggle_type_update = toggle_type.toggle_type_update
    strategy_create = strategy.strategy_create
    strategy_update = strategy.strategy_update
    strategy_delete = strategy.strategy_delete
    application_update = application.application_update
    application_delete = application.application_delete
    environment_create = environment.environment_create
    environment_update = environment.environment_update
    environment_delete = environment.environment_delete
    project_create = project.project_create
    project_update = project.project_update
    project_delete = project.project_delete
    segment_create = segment.segment_create
    segment_update = segment.segment_update
    segment_delete = segment.segment_delete
    context_field_create = context_field.context_field_create
    context_field_update = context_field.context_field_update
    context_field_delete = context_field.context_field_delete
    tag_type_create = tag_type.tag_type_create
    tag_type_update = tag_type.tag_type_update
    tag_type_delete = tag_type.tag_type_delete
    api_token_create = token.api_token_create
    api_token_update = token.api_token_update
    api_token_revoke = token.api_token_revoke
    change_set_apply = change_set.change_set_apply
    change_set_revert = change_set.change_set_revert
    state_import = state.state_import
