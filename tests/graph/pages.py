"""The page queries of an admin frontend, as far as the schema answers them."""

CONSTRAINT = """
  contextName operator values caseInsensitive inverted
  contextField { id name legalValues { value description } }
"""
VARIANT = """
  name weight percentage weightType stickiness
  payload { type value } overrides { contextName values }
"""
STRATEGY = f"""
  id name title disabled sortOrder summary parameters {{ name value }}
  constraints {{ {CONSTRAINT} }} segments {{ id name }} variants {{ {VARIANT} }}
  strategy {{ id title deprecated parameters {{ name type required }} }}
"""
EVENT = """
  id number type summary subjectName createdAt actor { name kind } environment { id name }
  changes { path kind before after }
"""
SWITCH = "id enabled revision lastSeenAt environment { id name type }"
PAGE = "pageInfo { hasNextPage hasPreviousPage startCursor endCursor }"

TOGGLE_LIST = f"""{{
  viewer {{ canWrite }} environments(enabled: true) {{ id name type }} projects {{ id name title }}
  toggleTypes {{ id name title }}
  tags(first: 200) {{ nodes {{ value type {{ id name color }} }} }}
  toggles {{ totalCount {PAGE} nodes {{
    id name description stale potentiallyStale expiresAt lastSeenAt createdAt revision
    type {{ id name }} project {{ id name }} tags {{ value type {{ id name icon color }} }}
    environments {{ {SWITCH} }}
  }} }}
}}"""

TOGGLE_DETAIL = f"""{{
  toggle(name: "t000") {{
    id name description impressionData stale potentiallyStale expiresAt archived archivedAt
    createdAt updatedAt lastSeenAt revision createdBy {{ name }}
    type {{ id name title lifetimeDays }} project {{ id name title }}
    tags {{ value type {{ id name color }} }}
    dependencies {{ enabled variants toggle {{ id name }} }} dependents {{ id name }}
    environments {{
      {SWITCH} lastYesAt lastNoAt strategies {{ {STRATEGY} }} variants {{ {VARIANT} }}
    }}
    usages(first: 50) {{ nodes {{
      lastSeenAt environment {{ id name }} application {{ id name url icon }}
    }} }}
    events(first: 25) {{ {PAGE} nodes {{ {EVENT} }} }}
  }}
}}"""

STRATEGIES = f"""{{
  strategies(first: 50) {{ totalCount {PAGE} nodes {{
    id name title description builtIn deprecated revision
    parameters {{ name type description required }}
    toggles(first: 5) {{ totalCount nodes {{ id name }} }}
    applications(first: 5) {{ totalCount nodes {{ id name }} }}
  }} }}
}}"""

APPLICATIONS = f"""{{
  applications {{ totalCount {PAGE} nodes {{
    id name description url icon createdAt lastSeenAt environments {{ id name type }}
    sdks {{ instanceCount sdk {{ name version }} }}
  }} }}
}}"""

APPLICATION_DETAIL = f"""{{
  application(name: "app000") {{
    id name description url icon createdAt lastSeenAt
    strategies {{ name strategy {{ id title deprecated }} }}
    sdks {{ instanceCount sdk {{ name version }} }}
    instances(first: 50) {{ totalCount {PAGE} nodes {{
      id instanceId clientIp startedAt lastSeenAt environment {{ id name }} sdk {{ name version }}
    }} }}
    usages(first: 50) {{ totalCount {PAGE} nodes {{
      toggleName firstSeenAt lastSeenAt environment {{ id name }}
      toggle {{ id name archived stale }}
    }} }}
  }}
}}"""

EVENT_LOG = f"""{{
  events {{ {PAGE} nodes {{ {EVENT} wireType toggle {{ id name }} before after }} }}
}}"""

ARCHIVE = f"""{{
  viewer {{ canWrite }}
  toggles(filter: {{ archived: true }}, orderBy: {{ field: UPDATED_AT, direction: DESC }}) {{
    totalCount {PAGE} nodes {{
      id name description archivedAt lastSeenAt type {{ id name }} project {{ id name }}
      usages(seenWithinHours: 24, first: 3) {{
        totalCount nodes {{ application {{ id name }} }}
      }}
      events(filter: {{ types: [TOGGLE_ARCHIVED] }}, first: 1) {{
        nodes {{ id createdAt actor {{ name }} }}
      }}
    }}
  }}
}}"""

TOKENS = f"""{{
  viewer {{ tokenType canWrite }} environments {{ id name }} projects {{ id name }}
  apiTokens(first: 50) {{ totalCount {PAGE} nodes {{
    id name type hint createdAt expiresAt lastUsedAt revision createdBy {{ name }}
    environment {{ id name }} projects {{ id name }}
  }} }}
}}"""

INSTANCES_BELOW_APPLICATIONS = """{
  applications { nodes {
    instances(first: 1) { totalCount nodes { id application { name } } }
    usages(first: 2, unknown: false) { totalCount nodes { toggleName application { name } } }
  } }
}"""

# What each page may cost: the statements that SQL answers, whatever the number of rows.
BUDGETS = {
    "toggle list": (TOGGLE_LIST, 0),
    "toggle detail": (TOGGLE_DETAIL, 4),
    "strategies": (STRATEGIES, 2),
    "applications": (APPLICATIONS, 4),
    "application detail": (APPLICATION_DETAIL, 6),
    "event log": (EVENT_LOG, 2),
    "archive": (ARCHIVE, 4),
    "tokens": (TOKENS, 0),
    "instances and usages below applications": (INSTANCES_BELOW_APPLICATIONS, 6),
}
