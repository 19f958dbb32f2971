"""Operations that schemathesis generates from the schema never cause a server error."""

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis_graphql import nodes
from schemathesis.schemas import BaseSchema

from tests.server import ADMIN_TOKEN, Server

EXAMPLES = 20

# Valid values of custom scalars. With invalid values, most operations would be refused at once.
_TEXTS = st.sampled_from(["", "a", "2026-01-01T00:00:00Z", "9999-12-31T23:59:59.999999+14:00"])
schemathesis.graphql.scalar("DateTime", _TEXTS.map(nodes.String))
schemathesis.graphql.scalar("BigInt", st.integers(-(2**70), 2**70).map(nodes.Int))
schemathesis.graphql.scalar("JSON", st.one_of(_TEXTS.map(nodes.String), st.just(nodes.Null)))


pytestmark = pytest.mark.slow


# These objects appear in lists.
CREATE = """
mutation {
  toggleCreate(input: {
    name: "a", enabled: true, tags: [{ value: "a" }], variants: [{ name: "a" }]
    strategies: [{
      name: "default"
      constraints: [{ contextName: "userId", operator: IN, values: ["a"] }]
    }]
  }) { errors { message } }
}
"""


@pytest.mark.thorough
def test_no_operation_made_from_the_schema_is_a_fault(server: Server) -> None:
    server.graphql(CREATE)
    headers = {"Authorization": ADMIN_TOKEN}
    made: BaseSchema = schemathesis.graphql.from_url(f"{server.url}/graphql", headers=headers)
    statuses: dict[int, int] = {}

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )
    @given(case=made.as_strategy())
    def run(case: schemathesis.Case) -> None:
        response = case.call(headers=headers)

        statuses[response.status_code] = statuses.get(response.status_code, 0) + 1
        assert response.status_code < 500, (case.body, response.text)
        assert "INTERNAL_SERVER_ERROR" not in response.text, (case.body, response.text)

    run()

    assert statuses[200] > EXAMPLES / 2
    assert "Traceback" not in server.log
