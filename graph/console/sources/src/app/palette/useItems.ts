import { useEffect, useMemo, useState } from "react";
import { useLocation } from "wouter";

import { searchOf, withActions } from "./items.ts";
import type { Item } from "./items.ts";
import { useAsk, activeQueries } from "../client.ts";
import { pageControls } from "../controls.ts";
import type { Control } from "../controls.ts";
import { PAGE_KEYS } from "../keys.ts";
import { graphiqlOf } from "../operation.ts";
import { opened } from "../opened.ts";
import { THEMES, theme, tour } from "../preferences.ts";
import { ROUTES } from "../routes.ts";
import { useSession } from "../session.tsx";
import { toggleAddress } from "../toggleAddress.ts";
import { PaletteTogglesDocument } from "../../gql/palette.ts";
import type { PaletteTogglesQuery } from "../../gql/palette.ts";

type FoundToggle = PaletteTogglesQuery["toggles"]["nodes"][number];

const SETTLED_MS = 150;
const NONE: readonly FoundToggle[] = [];

/** Return everything that the palette offers, apart from toggles. It is collected when the palette opens. */
export function useCommands(row: readonly Control[] | undefined): readonly Item[] {
  const [, navigate] = useLocation();
  const [controls] = useState(() => row ?? pageControls());
  const [queries] = useState(activeQueries);
  return useMemo(() => {
    const actions = controls.map(({ title, keys, press }, index): Item => ({
      id: `action-${index}`,
      group: row ? "This row" : "This page",
      title,
      keys,
      run: press,
    }));
    if (row) return actions;
    const pages = ROUTES.flatMap(({ path, link }): Item[] => {
      if (!link) return [];
      const key = Object.entries(PAGE_KEYS).find(([, page]) => page === path)?.[0];
      const keys = key && `g ${key}`;
      return [{ id: `page-${path}`, group: "Pages", title: link.title, keys, run: () => navigate(path) }];
    });
    const others: Item[] = [
      { id: "keys", group: "Console", title: "Show all keys", keys: "?", run: () => opened.set({ kind: "overview" }) },
      ...THEMES.map((name): Item => ({
        id: `theme-${name}`,
        group: "Console",
        title: name === "system" ? "Use the theme of the system" : `Use the ${name} theme`,
        run: () => theme.set(name),
      })),
      { id: "tour", group: "Console", title: "Take the tour", run: () => tour.set("new") },
      ...queries.map(({ name, ...operation }): Item => ({
        id: `query-${name}`,
        group: "Console",
        title: `Open the query ${name} in GraphiQL`,
        run: () => window.open(graphiqlOf(operation), "_blank", "noopener"),
      })),
    ];
    return [...actions, ...pages, ...others];
  }, [controls, queries, row, navigate]);
}

/** Return the toggles that a text finds, and what can be done with the first of them. */
export function useToggleItems(text: string): readonly Item[] {
  const ask = useAsk();
  const [, navigate] = useLocation();
  const { viewer } = useSession();
  const [found, setFound] = useState(NONE);
  const search = searchOf(text);

  useEffect(() => {
    if (search === "") return undefined;
    let isCurrent = true;
    const timer = setTimeout(() => {
      ask(PaletteTogglesDocument, { search })
        .then(({ toggles }) => {
          if (isCurrent) setFound(toggles.nodes);
        })
        // The palette still finds everything else.
        .catch(() => undefined);
    }, SETTLED_MS);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [ask, search]);

  return useMemo(() => {
    if (search === "") return [];
    const [first] = found;
    const toggles = found.map(({ id, name }): Item => ({
      id,
      group: "Toggles",
      title: name,
      run: () => navigate(toggleAddress(name)),
    }));
    return first && viewer.canWrite ? withActions(text, toggles, actionsOn(first, navigate)) : toggles;
  }, [found, search, text, viewer.canWrite, navigate]);
}

// The address opens a review, which shows the effects before anything changes.
function actionsOn({ name, environments }: FoundToggle, navigate: (address: string) => void): Item[] {
  const review = (action: string) => () =>
    navigate(`/toggles?${new URLSearchParams({ q: name, pick: name, do: action }).toString()}`);
  const group = "Do with the first toggle";
  return [
    ...environments.map(({ id, enabled, environment }): Item => {
      const verb = enabled ? "off" : "on";
      const title = `Switch ${name} ${verb} in ${environment.name}…`;
      return { id: `switch-${id}`, group, title, run: review(`${verb}:${environment.name}`) };
    }),
    { id: "archive", group, title: `Archive ${name}…`, run: review("archive") },
  ];
}
