import { useMemo } from "react";
import { useParams } from "wouter";

import { ApplicationView } from "./ApplicationView.tsx";
import { APPLICATIONS } from "./kind.ts";
import { useAddress } from "../../app/address.ts";
import { useQuery } from "../../app/client.ts";
import { nameInAddress } from "../../app/namedAddress.ts";
import { pageArguments } from "../../app/paging.ts";
import { useEvents } from "../../edits/events.ts";
import { ApplicationPageDocument } from "../../gql/application.ts";
import { FOLLOWED_EVENTS } from "../../objects/events.ts";
import { MissingObject } from "../../objects/MissingObject.tsx";

const PAGE_SIZE = 50;

/** An application: what does not fit, the toggles that it uses, its instances and SDKs. */
export default function ApplicationPage() {
  const { name: part = "" } = useParams();
  const name = nameInAddress(part);
  const address = useAddress();
  const [environment, after, before] = [address.one("env"), address.one("after"), address.one("before")];
  const variables = useMemo(
    () => ({ name, environment: environment || null, ...pageArguments(PAGE_SIZE, after, before) }),
    [name, environment, after, before],
  );
  const answer = useQuery(ApplicationPageDocument, variables);
  useEvents(FOLLOWED_EVENTS.application, answer.again);
  const application = answer.data?.application;
  if (application?.name !== name) return <MissingObject kind={APPLICATIONS} name={name} answer={answer} />;
  return <ApplicationView key={application.id} application={application} answer={answer} />;
}
