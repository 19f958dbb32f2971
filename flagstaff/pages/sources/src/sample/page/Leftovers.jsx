import { useEffect, useState } from "preact/hooks";

import { SERVER } from "../../shared/server.js";
import { Client } from "../engine/client.js";
import { removeAll } from "../engine/removal.js";
import { findLeftovers, replaceLeftovers } from "./leftovers.js";

// Offers to remove the objects that an interrupted run has left.
export function Leftovers({ token, disabled }) {
  const [{ keys, objects }, setFound] = useState({ keys: [], objects: [] });
  const [problem, setProblem] = useState("");
  const [removing, setRemoving] = useState(false);
  useEffect(() => {
    findLeftovers().then(setFound);
  }, []);
  if (!objects.length) return null;

  async function remove() {
    setRemoving(true);
    const client = new Client(SERVER, { admin: token });
    const { left, problems } = await removeAll(client, objects);
    setFound(replaceLeftovers(keys, left));
    setProblem(problems.join(" "));
    setRemoving(false);
  }

  return (
    <div class="panel leftovers">
      <p>
        An earlier run in this browser did not come to its end. {objects.length} objects may be left.
      </p>
      <button type="button" disabled={disabled || removing} onClick={remove}>
        Remove them
      </button>
      <p class="problem" role="alert">
        {problem}
      </p>
    </div>
  );
}
