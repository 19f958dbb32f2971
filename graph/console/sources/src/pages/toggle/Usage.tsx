import { useEffect, useMemo, useRef, useState } from "react";

import css from "./Usage.module.css";
import { useAddress } from "../../app/address.ts";
import { useLive, useQuery } from "../../app/client.ts";
import { ToggleReportsDocument, ToggleUsageDocument } from "../../gql/toggle.ts";
import { Card } from "../../parts/Card.tsx";
import { PastUsage } from "../../parts/PastUsage.tsx";
import { Segmented } from "../../parts/Segmented.tsx";
import { UsageChart } from "../../parts/UsageChart.tsx";
import { countWords, lastMinute, LIVE_SECONDS } from "../../parts/usageCounts.ts";
import type { Report } from "../../parts/usageCounts.ts";
import { DEFAULT_RANGE, formatter, MINUTES, RANGES } from "../../parts/usageRanges.ts";
import type { Range } from "../../parts/usageRanges.ts";

const LAST_MINUTE = "1m";
const CHOICES = [{ value: LAST_MINUTE, title: "1 min" }, ...RANGES];
// The server adds reports to the counts within this time.
const RELOAD_MS = 5_000;

interface Props {
  toggle: string;
  environment: string;
}

/** How often applications evaluated a toggle in an environment. */
export function Usage({ toggle, environment }: Props) {
  const address = useAddress();
  const chosen = address.one("range") || DEFAULT_RANGE.value;
  const range = RANGES.find(({ value }) => value === chosen);
  const variables = useMemo(() => ({ name: toggle, environment }), [toggle, environment]);
  const [reports, setReports] = useState<readonly Report[]>([]);
  useLive(ToggleReportsDocument, variables, ({ metricsTick: { start, toggles } }) => {
    const counts = toggles.reduce((sum, { yes, no }) => ({ yes: sum.yes + yes, no: sum.no + no }), { yes: 0, no: 0 });
    setReports((before) => [...before, { start, ...counts }].slice(-2 * LIVE_SECONDS));
  });

  return (
    <Card
      title="Usage"
      aside={
        <Segmented
          label="Time range of the usage"
          choices={CHOICES}
          value={range ? chosen : LAST_MINUTE}
          onChange={(value) => address.change({ range: value === DEFAULT_RANGE.value ? null : value })}
        />
      }
    >
      {range ? (
        <Past key={environment} toggle={toggle} environment={environment} range={range} reports={reports} />
      ) : (
        <Live key={environment} environment={environment} reports={reports} />
      )}
    </Card>
  );
}

/** The last minute by second, as the server receives reports. */
function Live({ environment, reports }: { environment: string; reports: readonly Report[] }) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  // The clock of the server may be ahead of the browser's.
  const latest = Math.max(now, ...reports.map(({ start }) => Date.parse(start)));
  return (
    <>
      <UsageChart
        title={`Evaluations in ${environment}, the last minute`}
        buckets={lastMinute(reports, latest)}
        timeWords={formatter({ ...MINUTES, second: "2-digit" })}
      />
      {reports.length === 0 && (
        <p className={css.none}>Reports appear as soon as they arrive. Most SDKs report about once a minute.</p>
      )}
    </>
  );
}

interface PastProps extends Props {
  range: Range;
  reports: readonly Report[];
}

function Past({ toggle, environment, range, reports }: PastProps) {
  const { hoursBack, interval } = range;
  const answer = useQuery(
    ToggleUsageDocument,
    useMemo(() => ({ name: toggle, environment, hoursBack, interval }), [toggle, environment, hoursBack, interval]),
  );
  const { data, problem, again } = answer;
  useReload(reports, again);
  const series = data?.toggle?.environment?.metrics;
  return (
    <>
      <PastUsage
        title={`Evaluations in ${environment}`}
        range={range}
        buckets={series?.buckets}
        none={`SDKs with a token of ${environment} report about once a minute. Until their application evaluates the toggle, there is nothing to show.`}
        problem={problem}
        onRetry={again}
      />
      {series && series.variants.length > 0 && (
        <p className={css.variants}>
          {series.variants.map(({ name, count }) => `${name} ${countWords(count)}`).join(", ")}
        </p>
      )}
    </>
  );
}

// Loads the counts again after new reports, at most once in each span.
function useReload(reports: readonly Report[], again: () => void) {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const seen = useRef(reports);
  useEffect(() => {
    if (reports === seen.current || timer.current !== undefined) return;
    seen.current = reports;
    timer.current = setTimeout(() => {
      timer.current = undefined;
      again();
    }, RELOAD_MS);
  }, [reports, again]);
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      timer.current = undefined;
    },
    [],
  );
}
