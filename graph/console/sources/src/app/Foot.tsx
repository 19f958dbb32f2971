import css from "./Foot.module.css";
import { useConnection } from "./client.ts";
import type { Liveness } from "./client.ts";
import {
  density,
  DENSITIES,
  PRODUCTION_SWITCHES,
  productionSwitch,
  theme,
  THEMES,
} from "./preferences.ts";
import type { ProductionSwitch } from "./preferences.ts";
import { useSession } from "./session.tsx";
import { useSignal } from "./signal.ts";
import { Choice } from "../parts/Choice.tsx";

const WORDS: Record<Liveness, string> = {
  connecting: "Connecting",
  live: "Live",
  waiting: "Trying again",
};

const PRODUCTION_WORDS: Record<ProductionSwitch, string> = { wait: "Wait 5 seconds", ask: "Ask first" };
const PRODUCTION_HINT =
  "After a click on a switch of a production environment, the console waits five seconds, in which you can undo the " +
  "click. Or it asks you to confirm first. This browser stores your choice.";

/** The state of the connection, the name of the token, and the user's preferences. */
export function Foot() {
  const { viewer, signOut } = useSession();
  const liveness = useSignal(useConnection().liveness);
  return (
    <div className={css.foot}>
      <p className={css.live} data-state={liveness} role="status">
        {WORDS[liveness]}
      </p>
      <p className={css.viewer}>
        <strong>{viewer.tokenType ? viewer.actor.name : "No token needed"}</strong>
        <span>{viewer.canWrite ? "reads and changes" : "reads only"}</span>
      </p>
      <Choice label="Theme" choices={THEMES} signal={theme} />
      <Choice label="Density" choices={DENSITIES} signal={density} />
      {viewer.canWrite && (
        <Choice
          label="Before switching in production"
          choices={PRODUCTION_SWITCHES}
          words={PRODUCTION_WORDS}
          hint={PRODUCTION_HINT}
          signal={productionSwitch}
        />
      )}
      {viewer.tokenType && (
        <button type="button" className={css.out} onClick={signOut}>
          Sign out
        </button>
      )}
    </div>
  );
}
