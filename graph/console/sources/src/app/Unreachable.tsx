import css from "./Unreachable.module.css";
import { Button } from "../parts/Button.tsx";
import { Empty } from "../parts/Empty.tsx";
import { Page } from "../parts/Page.tsx";

/** The page that is shown if the server does not answer when the console is opened. */
export function Unreachable({ onRetry }: { onRetry: () => void }) {
  return (
    <main className={css.page}>
      <Page title="Flagstaff">
        <Empty title="The server does not answer" alert>
          <p>It may be restarting, or your connection is interrupted.</p>
          <Button onClick={onRetry}>Try again</Button>
        </Empty>
      </Page>
    </main>
  );
}
