"""Everything that can be changed, assembled from the mutations on each kind of object."""

import strawberry

from graph.mutations import configuration, environment, strategy, toggle, token


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
    toggle_strategy_add = configuration.toggle_strategy_add
    toggle_strategy_update = configuration.toggle_strategy_update
    toggle_strategy_remove = configuration.toggle_strategy_remove
    toggle_archive = toggle.toggle_archive
    toggle_revive = toggle.toggle_revive
    toggle_delete = toggle.toggle_delete
    strategy_create = strategy.strategy_create
    strategy_update = strategy.strategy_update
    strategy_delete = strategy.strategy_delete
    environment_create = environment.environment_create
    environment_update = environment.environment_update
    api_token_create = token.api_token_create
    api_token_revoke = token.api_token_revoke
