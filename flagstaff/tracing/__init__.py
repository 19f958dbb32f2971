"""Send traces of requests, GraphQL operations and SQL statements to OpenTelemetry.

Without the standard variables of OpenTelemetry, nothing of it is imported and nothing is traced.
"""
