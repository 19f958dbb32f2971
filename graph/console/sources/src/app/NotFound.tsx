import { Link } from "wouter";

import { FIRST } from "./routes.ts";
import { Empty } from "../parts/Empty.tsx";
import { Page } from "../parts/Page.tsx";

export function NotFound() {
  return (
    <Page title="Not found">
      <Empty title="There is no page at this address">
        <Link href={FIRST}>Open the toggles</Link>
      </Empty>
    </Page>
  );
}
