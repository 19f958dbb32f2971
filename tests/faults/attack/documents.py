"""The GraphQL documents and mutations of attacks."""

PLAYGROUND = """
query ($changes: [ChangeInput!]!) {
  playground(contexts: [{ userId: "7" }], changes: $changes) { nodes { toggle { name } } }
}
"""
TOGGLES = """
{ toggles(first: 500) { nodes {
  name description environments { enabled strategies { name parameters { name value }
    constraints { contextName operator values } } variants { name weight } } tags { value }
} } }
"""
CHANGED = """
subscription { toggleChanged { toggle {
  name environments { strategies { constraints { contextName operator values } } }
  events(first: 20) { nodes { type summary } }
} } }
"""
# Each evaluation searches the values of the context for the values in the constraint.
_EVALUATIONS = " ".join(
    f"e{number}: evaluate(context: $context) {{ enabled explanation context {{ userId }} }}"
    for number in range(40)
)
EVALUATED = f"""
subscription ($context: ContextInput!) {{ toggleChanged {{ toggle {{ {_EVALUATIONS} }} }} }}
"""
# The number of fields in a document of 90 KB.
LARGE = "{{ toggles(first: 1) {{ nodes {{ {fields} }} }} }}"

TYPENAME = "{ __typename }"
SWITCH = """
mutation ($enabled: Boolean!) {
  toggleSetEnabled(input: { name: "attacked-0", enabled: $enabled }) { errors { message } }
}
"""
CREATE_TOKEN = """
mutation ($name: String!) {
  apiTokenCreate(input: { name: $name, type: ADMIN }) { secret apiToken { id } }
}
"""
REVOKE_TOKEN = """
mutation ($id: ID!) { apiTokenRevoke(input: { id: $id }) { errors { message } } }
"""

# The manifest of a server that runs only trusted documents.
TRUSTED = (
    PLAYGROUND,
    TOGGLES,
    CHANGED,
    EVALUATED,
    TYPENAME,
    SWITCH,
    CREATE_TOKEN,
    REVOKE_TOKEN,
)
