import { Check } from "lucide-react";

import css from "./Columns.module.css";
import type { EnvironmentPartsFragment } from "../../gql/toggles.ts";
import { EnvironmentName } from "../../parts/EnvironmentName.tsx";
import { Menu } from "../../parts/Menu.tsx";

/** The number of environments that the list can show. */
export const MAX_COLUMNS = 4;

interface Props {
  environments: readonly EnvironmentPartsFragment[];
  shown: readonly EnvironmentPartsFragment[];
  onShow: (names: readonly string[]) => void;
}

/** The choice of the environments in the list; nothing if there is room for all. */
export function Columns({ environments, shown, onShow }: Props) {
  if (environments.length <= MAX_COLUMNS) return null;
  const names = shown.map(({ name }) => name);
  const items = environments.map(({ name, type }) => {
    const isShown = names.includes(name);
    // Choosing another environment replaces the last environment.
    const others = names.filter((other) => other !== name).slice(0, MAX_COLUMNS - 1);
    return {
      key: name,
      content: (
        <>
          <EnvironmentName name={name} type={type} />
          {isShown && <Check className={css.check} size={14} aria-label="shown" />}
        </>
      ),
      onChoose: () => onShow(isShown ? others : [...others, name]),
    };
  });
  return <Menu small title={`${shown.length} of ${environments.length} environments`} items={items} />;
}

/** Return the environments that an address names, or the first environments. */
export function shownEnvironments(
  environments: readonly EnvironmentPartsFragment[],
  names: readonly string[],
): readonly EnvironmentPartsFragment[] {
  const chosen = environments.filter(({ name }) => names.includes(name));
  return (chosen.length > 0 ? chosen : environments).slice(0, MAX_COLUMNS);
}
