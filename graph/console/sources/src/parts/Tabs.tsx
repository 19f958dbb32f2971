import { useEffect, useRef } from "react";
import type { KeyboardEvent, ReactNode } from "react";

import css from "./Tabs.module.css";

export interface Tab {
  key: string;
  content: ReactNode;
}

interface Props {
  label: string;
  tabs: readonly Tab[];
  current: string;
  /** The ID of the element that shows the content of the current tab. Its role is `tabpanel`. */
  panel: string;
  onChange: (key: string) => void;
}

/** A row of tabs. Arrow keys move between tabs. */
export function Tabs({ label, tabs, current, panel, onChange }: Props) {
  const list = useRef<HTMLDivElement>(null);
  const at = tabs.findIndex(({ key }) => key === current);
  useEffect(() => {
    list.current?.children[at]?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [at]);

  function move(event: KeyboardEvent<HTMLDivElement>) {
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
    const tab = next === undefined ? undefined : tabs.at(next % tabs.length);
    if (!tab) return;
    event.preventDefault();
    onChange(tab.key);
    event.currentTarget.querySelectorAll("button")[tabs.indexOf(tab)]?.focus();
  }

  return (
    <div ref={list} role="tablist" aria-label={label} className={css.tabs} onKeyDown={move}>
      {tabs.map(({ key, content }) => (
        <button
          key={key}
          type="button"
          role="tab"
          className={css.tab}
          aria-selected={key === current}
          aria-controls={key === current ? panel : undefined}
          tabIndex={key === current ? 0 : -1}
          onClick={() => onChange(key)}
        >
          {content}
        </button>
      ))}
    </div>
  );
}
