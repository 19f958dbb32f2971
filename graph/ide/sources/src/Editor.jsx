import { explorerPlugin } from "@graphiql/plugin-explorer";
import { HISTORY_PLUGIN } from "@graphiql/plugin-history";
import { GraphiQL } from "graphiql";

import { EXAMPLES } from "./examples.js";
import { memory } from "./remembering.js";

const PLUGINS = [explorerPlugin({ showAttribution: false }), HISTORY_PLUGIN];

// Without a headers editor: the one header there is to send comes from the login.
export function Editor({ fetcher }) {
  return (
    <GraphiQL
      fetcher={fetcher}
      defaultTabs={EXAMPLES}
      plugins={PLUGINS}
      storage={memory}
      defaultEditorToolsVisibility="variables"
      isHeadersEditorEnabled={false}
      shouldPersistHeaders={false}
      showPersistHeadersSettings={false}
    >
      <GraphiQL.Logo>{null}</GraphiQL.Logo>
    </GraphiQL>
  );
}
