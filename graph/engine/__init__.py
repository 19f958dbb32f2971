"""GraphQL over HTTP and sockets: knows GraphQL, and nothing of toggles."""
