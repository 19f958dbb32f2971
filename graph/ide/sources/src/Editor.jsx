import { explorerPlugin } from "@graphiql/plugin-explorer";
import { HISTORY_PLUGIN } from "@graphiql/plugin-history";
import { useGraphiQL } from "@graphiql/react";
import { GraphiQL } from "graphiql";
import { useCallback, useEffect, useRef } from "react";

import { chooseOperation } from "./choosing.js";
import { EXAMPLES } from "./examples.js";
import { memory } from "./remembering.js";

const PLUGINS = [explorerPlugin({ showAttribution: false }), HISTORY_PLUGIN];

// Without a headers editor: the one header there is to send comes from the login. A linked operation
// is opened in a tab of its own, and runs only when the user runs it.
export function Editor({ fetcher, linked }) {
  const queryEditor = useRef(null);
  useEffect(() => keepText(linked), [linked]);
  const fetchChosen = useCallback(
    (sent, options) => {
      const { params, document } = chooseOperation(sent, cursorIn(queryEditor.current, sent.query));
      return fetcher(params, { ...options, documentAST: document ?? undefined });
    },
    [fetcher],
  );
  return (
    <GraphiQL
      fetcher={fetchChosen}
      defaultTabs={linked ? [linked, ...EXAMPLES] : EXAMPLES}
      initialQuery={linked?.query}
      initialVariables={linked ? (linked.variables ?? "") : undefined}
      plugins={PLUGINS}
      storage={memory}
      defaultEditorToolsVisibility="variables"
      isHeadersEditorEnabled={false}
      shouldPersistHeaders={false}
      showPersistHeadersSettings={false}
    >
      <GraphiQL.Logo>
        <QueryEditor handle={queryEditor} />
      </GraphiQL.Logo>
    </GraphiQL>
  );
}

// GraphiQL stores the text of the open tab when it is edited, and restores it after a reload. A
// linked operation has not been edited.
function keepText(linked) {
  if (!linked) return;
  memory.setItem("graphiql:query", linked.query);
  memory.setItem("graphiql:variables", linked.variables ?? "");
}

// Shows nothing; it stands where the logo would, since only there it knows the editor.
function QueryEditor({ handle }) {
  const editor = useGraphiQL((state) => state.queryEditor);
  useEffect(() => {
    handle.current = editor ?? null;
  }, [editor, handle]);
  return null;
}

// The offset of the cursor in a text that is about to be sent; null if it is not being typed there.
function cursorIn(editor, query) {
  if (!editor?.hasTextFocus() || !query.startsWith(editor.getValue())) return null;
  return editor.getModel().getOffsetAt(editor.getPosition());
}
