import { useState } from "react";
import type { ReactNode } from "react";
import { useLocation } from "wouter";
import { Menu as MenuIcon } from "lucide-react";

import css from "./Shell.module.css";
import { Flag } from "./Flag.tsx";
import { Foot } from "./Foot.tsx";
import { Navigation } from "./Navigation.tsx";
import { IconButton } from "../parts/IconButton.tsx";

/** The bar with the pages and the session, beside the page. */
export function Shell({ children }: { children: ReactNode }) {
  const [location] = useLocation();
  // On narrow screens the open bar covers the page. Opening another page closes the bar.
  const [openAt, setOpenAt] = useState<string>();
  const isOpen = openAt === location;

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
          <Navigation />
          <Foot />
        </div>
      </header>
      <main id="content" className={css.content} tabIndex={-1}>
        {children}
      </main>
    </div>
  );
}
