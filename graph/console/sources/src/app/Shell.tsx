import { lazy, Suspense, useState } from "react";
import type { ReactNode } from "react";
import { useLocation } from "wouter";
import { Menu as MenuIcon, Search } from "lucide-react";

import css from "./Shell.module.css";
import { Flag } from "./Flag.tsx";
import { Foot } from "./Foot.tsx";
import { Keys } from "./Keys.tsx";
import { Navigation } from "./Navigation.tsx";
import { opened } from "./opened.ts";
import { tour } from "./preferences.ts";
import { FIRST } from "./routes.ts";
import { useSignal } from "./signal.ts";
import { IconButton } from "../parts/IconButton.tsx";

const Tour = lazy(() => import("./tour/Tour.tsx"));
const ProposalReview = lazy(() => import("../edits/ProposalReview.tsx"));

/** The bar with the pages and the session, beside the page. */
export function Shell({ children }: { children: ReactNode }) {
  const [location] = useLocation();
  // On narrow screens the open bar covers the page. Opening another page closes the bar.
  const [openAt, setOpenAt] = useState<string>();
  const isOpen = openAt === location;
  const isNew = useSignal(tour) === "new";

  return (
    <div className={css.shell}>
      <a className={css.skip} href="#content">
        Skip to the content
      </a>
      <header className={css.bar} data-open={isOpen}>
        <div className={css.brand}>
          <Flag size={22} />
          <span>Flagstaff</span>
          <span className={css.opener}>
            <IconButton label="Menu" icon={MenuIcon} expanded={isOpen} onClick={() => setOpenAt(isOpen ? undefined : location)} />
          </span>
        </div>
        <div className={css.rest}>
          <button
            type="button"
            className={css.find}
            aria-keyshortcuts="Control+K"
            onClick={() => opened.set({ kind: "palette" })}
          >
            <Search size={15} strokeWidth={1.75} aria-hidden="true" />
            Find or do…
            <kbd aria-hidden="true">Ctrl K</kbd>
          </button>
          <Navigation />
          <Foot />
        </div>
      </header>
      <main id="content" className={css.content} tabIndex={-1}>
        {children}
      </main>
      <Keys />
      <Suspense>
        {isNew && location === FIRST && <Tour />}
        <ProposalReview />
      </Suspense>
    </div>
  );
}
