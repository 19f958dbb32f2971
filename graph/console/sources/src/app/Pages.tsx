import { Suspense } from "react";
import { Redirect, Route, Switch, useLocation } from "wouter";

import css from "./Pages.module.css";
import { ErrorBoundary } from "./ErrorBoundary.tsx";
import { NotFound } from "./NotFound.tsx";
import { FIRST, ROUTES } from "./routes.ts";
import { Skeleton } from "../parts/Skeleton.tsx";

/** The page at the current address. */
export function Pages() {
  const [location] = useLocation();
  return (
    <ErrorBoundary key={location}>
      <Suspense
        fallback={
          <div className={css.loading}>
            <Skeleton rows={12} />
          </div>
        }
      >
        <Switch>
          {ROUTES.map(({ path, page }) => (
            <Route key={path} path={path} component={page} />
          ))}
          <Route path="/">
            <Redirect to={FIRST} replace />
          </Route>
          <Route component={NotFound} />
        </Switch>
      </Suspense>
    </ErrorBoundary>
  );
}
