import { useMemo } from "react";
import { useParams } from "wouter";

import { ApplicationView } from "./ApplicationView.tsx";
import { APPLICATIONS } from "./kind.ts";
import { useAddress } from "../../app/address.ts";
import { useLive, useQuery } from "../../app/client.ts";
import { nameInAddress } from "../../app/namedAddress.ts";
import { usePageArguments } from "../../app/usePageArguments.ts";
import { useEvents } from "../../edits/events.ts";
import { ApplicationPageDocument, ReportsOfApplicationsDocument } from "../../gql/application.ts";
import { FOLLOWED_EVENTS } from "../../objects/events.ts";
import { MissingObject } from "../../objects/MissingObject.tsx";

const PAGE_SIZE = 50;
const NOTHING = {};

/** An application: what does not fit, the toggles that it uses, its instances and SDKs. */
export default function ApplicationPage() {
  const { name: part = "" } = useParams();
  const name = nameInAddress(part);
  const environment = useAddress().one("env") || null;
  const page = usePageArguments(PAGE_SIZE);
  const variables = useMemo(() => ({ name, environment, ...page }), [name, environment, page]);
  const answer = useQuery(ApplicationPageDocument, variables);
  useEvents(FOLLOWED_EVENTS.application, answer.again);
  useLive(ReportsOfApplicationsDocument, NOTHING, answer.again);
  const application = answer.data?.application;
  if (application?.name !== name) return <MissingObject kind={APPLICATIONS} name={name} answer={answer} />;
  return <ApplicationView key={application.id} application={application} answer={answer} />;
}
