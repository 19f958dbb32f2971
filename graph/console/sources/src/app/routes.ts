// The pages of the console. The bar lists the pages that have a group in the order of this list.
import { lazy } from "react";
import type { ComponentType } from "react";
import { Activity, BrushCleaning, FlaskConical, History, ToggleRight } from "lucide-react";
import type { LucideIcon } from "lucide-react";

export const GROUPS = ["Release", "Watch", "Define", "Run"] as const;

export interface Route {
  /** The address below `/console`, as a pattern of wouter. */
  path: string;
  page: ComponentType;
  /** The link in the bar; pages without a link are reached from other pages. */
  link?: { group: (typeof GROUPS)[number]; title: string; icon: LucideIcon };
}

export const ROUTES: readonly Route[] = [
  {
    path: "/toggles",
    page: lazy(() => import("../pages/toggles/page.tsx")),
    link: { group: "Release", title: "Toggles", icon: ToggleRight },
  },
  { path: "/toggles/new", page: lazy(() => import("../pages/newToggle/page.tsx")) },
  { path: "/toggles/:name", page: lazy(() => import("../pages/toggle/page.tsx")) },
  { path: "/toggles/:name/compare", page: lazy(() => import("../pages/compare/page.tsx")) },
  { path: "/toggles/:name/history", page: lazy(() => import("../pages/history/page.tsx")) },
  {
    path: "/clean-up",
    page: lazy(() => import("../pages/cleanUp/page.tsx")),
    link: { group: "Release", title: "Clean-up", icon: BrushCleaning },
  },
  {
    path: "/playground",
    page: lazy(() => import("../pages/playground/page.tsx")),
    link: { group: "Release", title: "Playground", icon: FlaskConical },
  },
  {
    path: "/activity",
    page: lazy(() => import("../pages/activity/page.tsx")),
    link: { group: "Watch", title: "Activity", icon: Activity },
  },
  {
    path: "/change-sets",
    page: lazy(() => import("../pages/changeSets/page.tsx")),
    link: { group: "Watch", title: "Change sets", icon: History },
  },
  { path: "/change-sets/:id", page: lazy(() => import("../pages/changeSet/page.tsx")) },
];

/** The page that opens at the address of the console. */
export const FIRST = "/toggles";
