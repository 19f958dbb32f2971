import css from "./Unreachable.module.css";
import { Button } from "../parts/Button.tsx";
import { Empty } from "../parts/Empty.tsx";
import { Page } from "../parts/Page.tsx";

/** What a person sees who opens the console while the server does not answer. */
export function Unreachable({ onRetry }: { onRetry: () => void }) {
  return (
    <main className={css.page}>
      <Page title="Flagstaff">
        <Empty title="The server does not answer" alert>
          <Button onClick={onRetry}>Try again</Button>
        </Empty>
      </Page>
    </main>
  );
}
