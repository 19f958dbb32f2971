// Every address is derived from the address of this script, `…/console/assets/…`, because a proxy may serve
// the console below any prefix.
const CONSOLE = new URL(/* @vite-ignore */ "../", import.meta.url);

/** The path of the console without its last slash, such as `/flags/console`. */
export const BASE = CONSOLE.pathname.replace(/\/$/, "");

export const API = new URL("../graphql", CONSOLE);

export function socketAddress(): string {
  const address = new URL(API);
  address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
  return address.href;
}
