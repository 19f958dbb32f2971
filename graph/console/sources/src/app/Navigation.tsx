import { Link, useRoute } from "wouter";

import css from "./Navigation.module.css";
import { GROUPS, ROUTES } from "./routes.ts";
import type { Route } from "./routes.ts";

/** The links to the pages, in groups. */
export function Navigation() {
  return (
    <nav className={css.navigation} aria-label="Pages">
      {GROUPS.map((group) => {
        const links = ROUTES.filter(({ link }) => link?.group === group);
        if (links.length === 0) return null;
        return (
          <div key={group} role="group" aria-label={group}>
            <p className={css.group} aria-hidden="true">
              {group}
            </p>
            <ul>
              {links.map((route) => (
                <li key={route.path}>
                  <PageLink route={route} />
                </li>
              ))}
            </ul>
          </div>
        );
      })}
    </nav>
  );
}

function PageLink({ route }: { route: Route }) {
  const [isCurrent] = useRoute(route.path);
  const [isBelow] = useRoute(`${route.path}/*?`);
  if (!route.link) return null;
  const { icon: Icon, title } = route.link;
  return (
    <Link
      href={route.path}
      className={css.link}
      data-current={isCurrent || isBelow}
      aria-current={isCurrent ? "page" : undefined}
    >
      <Icon size={16} strokeWidth={1.75} aria-hidden="true" />
      {title}
    </Link>
  );
}
