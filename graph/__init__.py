"""The GraphQL edge: types, queries and mutations over the store."""
