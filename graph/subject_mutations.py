"""The mutations on each kind of object, whose changes change sets can contain."""

import strawberry

from graph.applications import mutations as applications
from graph.context_fields import mutations as context_fields
from graph.environments import mutations as environments
from graph.projects import mutations as projects
from graph.segments import mutations as segments
from graph.strategies import mutations as strategies
from graph.tags import mutations as tags
from graph.toggles import configuration_mutations as configurations
from graph.toggles import mutations as toggles
from graph.toggles import strategy_mutations as toggle_strategies
from graph.toggles import toggle_type_mutations as toggle_types
from graph.toggles import variant_mutations as toggle_variants
from graph.toggles import version_mutations as versions
from graph.tokens import mutations as tokens
from graph.webhooks import mutations as webhooks


@strawberry.type
class SubjectMutation:
    toggle_create = toggles.toggle_create
    toggle_update = toggles.toggle_update
    toggle_set_enabled = configurations.toggle_set_enabled
    toggle_configure = configurations.toggle_configure
    toggle_copy_configuration = configurations.toggle_copy_configuration
    toggle_strategy_add = toggle_strategies.toggle_strategy_add
    toggle_strategy_update = toggle_strategies.toggle_strategy_update
    toggle_strategy_remove = toggle_strategies.toggle_strategy_remove
    toggle_variant_add = toggle_variants.toggle_variant_add
    toggle_variant_update = toggle_variants.toggle_variant_update
    toggle_variant_remove = toggle_variants.toggle_variant_remove
    toggle_tags = toggles.toggle_tags
    toggle_set_dependencies = toggles.toggle_set_dependencies
    toggle_archive = toggles.toggle_archive
    toggle_revive = toggles.toggle_revive
    toggle_delete = toggles.toggle_delete
    toggle_revert_to = versions.toggle_revert_to
    toggle_type_update = toggle_types.toggle_type_update
    strategy_create = strategies.strategy_create
    strategy_update = strategies.strategy_update
    strategy_delete = strategies.strategy_delete
    application_update = applications.application_update
    application_delete = applications.application_delete
    environment_create = environments.environment_create
    environment_update = environments.environment_update
    environment_delete = environments.environment_delete
    project_create = projects.project_create
    project_update = projects.project_update
    project_delete = projects.project_delete
    segment_create = segments.segment_create
    segment_update = segments.segment_update
    segment_delete = segments.segment_delete
    context_field_create = context_fields.context_field_create
    context_field_update = context_fields.context_field_update
    context_field_delete = context_fields.context_field_delete
    tag_type_create = tags.tag_type_create
    tag_type_update = tags.tag_type_update
    tag_type_delete = tags.tag_type_delete
    api_token_create = tokens.api_token_create
    api_token_update = tokens.api_token_update
    api_token_revoke = tokens.api_token_revoke
    webhook_create = webhooks.webhook_create
    webhook_update = webhooks.webhook_update
    webhook_delete = webhooks.webhook_delete
    webhook_test = webhooks.webhook_test
