import { Switches } from "./switches.ts";
import { ask } from "../app/client.ts";
import type { Connection } from "../app/client.ts";
import { SetEnabledDocument } from "../gql/edits.ts";

const byConnection = new WeakMap<Connection, Switches>();

/** Return the switches of a session. The switches remain when the user opens another page. */
export function switchesOf(connection: Connection): Switches {
  const known = byConnection.get(connection);
  if (known) return known;
  const switches = new Switches(async (id, enabled) => {
    const { toggleSetEnabled } = await ask(connection, SetEnabledDocument, { input: { id, enabled } });
    const [error] = toggleSetEnabled.errors;
    if (error) throw new Error(error.message);
  });
  // Without this warning, closing the page would lose a switch that waits.
  window.addEventListener("beforeunload", (event) => {
    if (switches.isBusy) event.preventDefault();
  });
  byConnection.set(connection, switches);
  return switches;
}
