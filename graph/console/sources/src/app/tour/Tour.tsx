import { useEffect, useState } from "react";

import css from "./Tour.module.css";
import { STEPS } from "./steps.ts";
import { remember, tour } from "../preferences.ts";
import { Button } from "../../parts/Button.tsx";

/** A few steps that show newcomers the console. The tour is shown only once in a browser. */
export default function Tour() {
  const [at, setAt] = useState(0);
  const step = STEPS[at];
  const target = step?.target;

  useEffect(() => {
    const element = target === undefined ? undefined : document.querySelector<HTMLElement>(target);
    if (!element) return undefined;
    element.classList.add(css.target ?? "");
    element.scrollIntoView({ block: "nearest" });
    return () => element.classList.remove(css.target ?? "");
  }, [target]);

  // Other tabs and later visits do not show the tour, even if this one is closed before its end.
  useEffect(() => remember("tour", "seen"), []);
  const end = () => tour.set("seen");

  if (!step) return null;
  const isLast = at === STEPS.length - 1;
  return (
    <section className={css.card} aria-label="Tour">
      <div role="status">
        <h2>{step.title}</h2>
        <p>{step.text}</p>
      </div>
      <div className={css.actions}>
        <span className={css.count}>
          {at + 1} of {STEPS.length}
        </span>
        {!isLast && <Button onClick={end}>Skip the tour</Button>}
        <Button kind="primary" onClick={isLast ? end : () => setAt(at + 1)}>
          {isLast ? "Done" : "Next"}
        </Button>
      </div>
    </section>
  );
}
