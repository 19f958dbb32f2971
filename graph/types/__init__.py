"""GraphQL's object types, each a thin description of a class of the store."""
