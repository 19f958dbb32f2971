// The pages of the console. The bar lists the pages that have a group in the order of this list.
import { lazy } from "react";
import type { ComponentType } from "react";
import {
  Activity,
  AppWindow,
  ArrowLeftRight,
  BrushCleaning,
  FlaskConical,
  FolderOpen,
  History,
  KeyRound,
  Layers,
  ServerIcon,
  Split,
  Tags,
  TextCursorInput,
  ToggleRight,
  UsersRound,
  Webhook,
} from "lucide-react";
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
  {
    path: "/applications",
    page: lazy(() => import("../pages/applications/page.tsx")),
    link: { group: "Watch", title: "Applications", icon: AppWindow },
  },
  { path: "/applications/:name", page: lazy(() => import("../pages/application/page.tsx")) },
  {
    path: "/segments",
    page: lazy(() => import("../pages/segments/page.tsx")),
    link: { group: "Define", title: "Segments", icon: UsersRound },
  },
  { path: "/segments/:id", page: lazy(() => import("../pages/segment/page.tsx")) },
  {
    path: "/strategies",
    page: lazy(() => import("../pages/strategies/page.tsx")),
    link: { group: "Define", title: "Strategies", icon: Split },
  },
  { path: "/strategies/:name", page: lazy(() => import("../pages/strategy/page.tsx")) },
  {
    path: "/context",
    page: lazy(() => import("../pages/contextFields/page.tsx")),
    link: { group: "Define", title: "Context fields", icon: TextCursorInput },
  },
  { path: "/context/:name", page: lazy(() => import("../pages/contextField/page.tsx")) },
  {
    path: "/projects",
    page: lazy(() => import("../pages/projects/page.tsx")),
    link: { group: "Define", title: "Projects", icon: FolderOpen },
  },
  { path: "/projects/:name", page: lazy(() => import("../pages/project/page.tsx")) },
  {
    path: "/tags",
    page: lazy(() => import("../pages/tags/page.tsx")),
    link: { group: "Define", title: "Tags and types", icon: Tags },
  },
  { path: "/tags/types/:name", page: lazy(() => import("../pages/tagType/page.tsx")) },
  { path: "/tags/toggle-types/:name", page: lazy(() => import("../pages/toggleType/page.tsx")) },
  {
    path: "/environments",
    page: lazy(() => import("../pages/environments/page.tsx")),
    link: { group: "Run", title: "Environments", icon: Layers },
  },
  {
    path: "/tokens",
    page: lazy(() => import("../pages/tokens/page.tsx")),
    link: { group: "Run", title: "Tokens", icon: KeyRound },
  },
  {
    path: "/webhooks",
    page: lazy(() => import("../pages/webhooks/page.tsx")),
    link: { group: "Run", title: "Webhooks", icon: Webhook },
  },
  { path: "/webhooks/:id", page: lazy(() => import("../pages/webhook/page.tsx")) },
  {
    path: "/transfer",
    page: lazy(() => import("../pages/transfer/page.tsx")),
    link: { group: "Run", title: "Import and export", icon: ArrowLeftRight },
  },
  {
    path: "/server",
    page: lazy(() => import("../pages/server/page.tsx")),
    link: { group: "Run", title: "Server", icon: ServerIcon },
  },
];

/** The page that opens at the address of the console. */
export const FIRST = "/toggles";
