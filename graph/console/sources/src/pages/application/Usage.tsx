import { useMemo } from "react";

import { useAddress } from "../../app/address.ts";
import { useLive, useQuery } from "../../app/client.ts";
import { ApplicationUsageDocument, ReportsOfApplicationsDocument } from "../../gql/application.ts";
import { Card } from "../../parts/Card.tsx";
import { PastUsage } from "../../parts/PastUsage.tsx";
import { Segmented } from "../../parts/Segmented.tsx";
import { sumBuckets } from "../../parts/usageCounts.ts";
import { DEFAULT_RANGE, RANGES } from "../../parts/usageRanges.ts";

const NOTHING = {};

/** How often an application evaluated toggles, in the environment that the address names or in all of them. */
export function Usage({ application }: { application: string }) {
  const address = useAddress();
  const environment = address.one("env");
  const range = RANGES.find(({ value }) => value === address.one("range")) ?? DEFAULT_RANGE;
  const { hoursBack, interval } = range;
  const variables = useMemo(
    () => ({ name: application, environments: environment ? [environment] : null, hoursBack, interval }),
    [application, environment, hoursBack, interval],
  );
  const { data, problem, again } = useQuery(ApplicationUsageDocument, variables);
  useLive(ReportsOfApplicationsDocument, NOTHING, again);
  const series = data?.application?.metrics;
  const buckets = useMemo(() => series && sumBuckets(series.map((each) => each.buckets)), [series]);

  return (
    <Card
      title="Usage"
      aside={
        <Segmented
          label="Time range of the usage"
          choices={RANGES}
          value={range.value}
          onChange={(value) => address.change({ range: value === DEFAULT_RANGE.value ? null : value })}
        />
      }
    >
      <PastUsage
        title={`Evaluations in ${environment || "all environments"}`}
        range={range}
        buckets={buckets}
        none="SDKs report about once a minute, and only what their application evaluates."
        problem={problem}
        onRetry={again}
      />
    </Card>
  );
}
