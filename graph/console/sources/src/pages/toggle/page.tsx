import { Link, useParams } from "wouter";

import { MissingToggle } from "./MissingToggle.tsx";
import { useToggle } from "./toggle.ts";
import { ToggleView } from "./ToggleView.tsx";
import { toggleName } from "../../app/toggleAddress.ts";
import { LoadFailure } from "../../parts/LoadFailure.tsx";
import { Page } from "../../parts/Page.tsx";
import { Skeleton } from "../../parts/Skeleton.tsx";

/** A toggle with its configuration in each environment. */
export default function TogglePage() {
  const { name: segment = "" } = useParams();
  const name = toggleName(segment);
  const answer = useToggle(name);
  const { data, problem, again } = answer;
  if (data?.toggle) return <ToggleView key={data.toggle.id} toggle={data.toggle} answer={answer} />;
  return (
    <Page title={name} isName above={<Link href="/toggles">Toggles /</Link>}>
      {data ? (
        <MissingToggle name={name} />
      ) : problem ? (
        <LoadFailure subject="The toggle" problem={problem} onRetry={again} />
      ) : (
        <Skeleton rows={8} />
      )}
    </Page>
  );
}
