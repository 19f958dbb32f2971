import { useMemo } from "react";
import { ArrowLeft, ArrowRight } from "lucide-react";

import css from "./Comparison.module.css";
import { groupsOf } from "./rows.ts";
import { EVERYTHING, takeOf, takingOf } from "./take.ts";
import { useAddress } from "../../app/address.ts";
import { useSession } from "../../app/session.tsx";
import { useStrategyTitles } from "../../edits/definitions.ts";
import type { StrategyTitles } from "../../edits/definitions.ts";
import { draftOf } from "../../edits/draft.ts";
import { Review } from "../../edits/Review.tsx";
import type { ComparePageQuery, EnvironmentPartsFragment } from "../../gql/compare.ts";
import { Button } from "../../parts/Button.tsx";
import { Empty } from "../../parts/Empty.tsx";
import { EnvironmentName } from "../../parts/EnvironmentName.tsx";
import { IconButton } from "../../parts/IconButton.tsx";
import { differs, SideBySide } from "../../parts/SideBySide.tsx";

type Toggle = NonNullable<ComparePageQuery["toggle"]>;

interface Props {
  toggle: Toggle;
  from: EnvironmentPartsFragment;
  to: EnvironmentPartsFragment;
}

/** The settings of a toggle in two environments. Each setting can be taken to the other environment. */
export function Comparison({ toggle, from, to }: Props) {
  const address = useAddress();
  const { viewer } = useSession();
  const titles = useStrategyTitles();
  const comparison = useMemo(() => comparisonOf(toggle, from.name, to.name, titles), [toggle, from, to, titles]);
  const take = address.one("take");
  const taking = useMemo(() => comparison && takingOf(take, comparison), [take, comparison]);
  if (!comparison) return null;

  const { groups } = comparison;
  const isAll = address.one("all") === "yes";
  const showAll = (isShown: boolean) => address.change({ all: isShown ? "yes" : null });
  const differing = groups.flatMap(({ rows }) => rows).filter(differs).length;
  const canTake = viewer.canWrite && !toggle.archived;
  const start = (next: string) => address.change({ take: next }, "push");
  const everything = canTake && differing > 0;
  return (
    <>
      {toggle.archived && (
        <p className={css.note}>This toggle is archived. Revive it to change its configuration.</p>
      )}
      <div className={css.bar}>
        <p role="status">{differenceWords(differing)}</p>
        <label className={css.all}>
          <input type="checkbox" checked={isAll} onChange={(event) => showAll(event.target.checked)} />
          Show equal settings
        </label>
        {everything && (
          <div className={css.everything}>
            <Button small onClick={() => start(takeOf("left", EVERYTHING))}>
              <ArrowLeft size={14} aria-hidden="true" />
              Copy all, with the switch, to {from.name}
            </Button>
            <Button small onClick={() => start(takeOf("right", EVERYTHING))}>
              Copy all, with the switch, to {to.name}
              <ArrowRight size={14} aria-hidden="true" />
            </Button>
          </div>
        )}
      </div>
      {differing === 0 && !isAll ? (
        <Empty title="Both environments have the same configuration">
          <Button onClick={() => showAll(true)}>Show equal settings</Button>
        </Empty>
      ) : (
        <SideBySide
          label={`${toggle.name} in ${from.name} and ${to.name}`}
          left={<EnvironmentName name={from.name} type={from.type} />}
          right={<EnvironmentName name={to.name} type={to.type} />}
          groups={groups}
          isAll={isAll}
          action={(row, group, side) => {
            if (!canTake) return null;
            const [source, target] = side === "left" ? [from, to] : [to, from];
            return (
              <IconButton
                label={`Copy ${row.title} of ${group.title} from ${source.name} to ${target.name}`}
                icon={side === "left" ? ArrowRight : ArrowLeft}
                onClick={() => start(takeOf(side === "left" ? "right" : "left", row.key))}
              />
            );
          }}
        />
      )}
      {taking && canTake && (
        <Review
          title={`Change ${toggle.name} in ${taking.environment}`}
          changes={taking.changes}
          onClose={() => address.change({ take: null })}
          onApplied={() => address.change({ take: null })}
        />
      )}
    </>
  );
}

function comparisonOf(toggle: Toggle, from: string, to: string, titles: StrategyTitles) {
  const draft = draftOf(toggle);
  const left = draft.environments.find(({ environment }) => environment === from);
  const right = draft.environments.find(({ environment }) => environment === to);
  if (!left || !right) return undefined;
  const strategies = toggle.environments.flatMap((configuration) => configuration.strategies);
  const segments = new Map(strategies.flatMap((strategy) => strategy.segments.map(({ id, name }) => [id, name])));
  return { toggle: draft, left, right, groups: groupsOf(left, right, { titles, segments }) };
}

function differenceWords(count: number): string {
  if (count === 0) return "Nothing differs.";
  return count === 1 ? "1 setting differs." : `${count} settings differ.`;
}
