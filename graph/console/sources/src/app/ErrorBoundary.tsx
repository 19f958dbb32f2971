import { Component } from "react";
import type { ReactNode } from "react";

import { Button } from "../parts/Button.tsx";
import { copyText } from "../parts/clipboard.ts";
import { Empty } from "../parts/Empty.tsx";
import { Page } from "../parts/Page.tsx";

interface State {
  error: Error | undefined;
}

/** Shows an explanation instead of a page that failed. */
export class ErrorBoundary extends Component<{ children: ReactNode }, State> {
  override state: State = { error: undefined };

  static getDerivedStateFromError(error: unknown): State {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render() {
    const { error } = this.state;
    if (!error) return this.props.children;
    const details = `${error.message}\n${error.stack ?? ""}`;
    return (
      <Page title="This page failed">
        <Empty title="The console could not show this page" alert>
          <p>{error.message}</p>
          <Button onClick={() => window.location.reload()}>Load the page again</Button>
          <Button onClick={() => void copyText(details)}>Copy the details</Button>
        </Empty>
      </Page>
    );
  }
}
