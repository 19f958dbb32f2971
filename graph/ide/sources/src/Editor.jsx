import { explorerPlugin } from "@graphiql/plugin-explorer";
import { HISTORY_PLUGIN } from "@graphiql/plugin-history";
import { useGraphiQL } from "@graphiql/react";
import { GraphiQL } from "graphiql";
import { useCallback, useEffect, useRef } from "react";

import { chooseOperation } from "./choosing.js";
import { EXAMPLES } from "./examples.js";
import { memory } from "./remembering.js";

const PLUGINS = [explorerPlugin({ showAttribution: false }), HISTORY_PLUGIN];

// There is no editor for headers, because the login provides the only header. A linked operation is
// opened in its own tab, and is not run automatically.
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

// GraphiQL stores the text of the open tab only when the user edits it, and restores the stored text
// after a reload. So a linked operation, which nobody has edited, must be stored here.
function keepText(linked) {
  if (!linked) return;
  memory.setItem("graphiql:query", linked.query);
  memory.setItem("graphiql:variables", linked.variables ?? "");
}

// Renders nothing. This component replaces the logo, because the logo can access the query editor.
function QueryEditor({ handle }) {
  const editor = useGraphiQL((state) => state.queryEditor);
  useEffect(() => {
    handle.current = editor ?? null;
  }, [editor, handle]);
  return null;
}

// Returns the offset of the cursor in the text to send, or null if the text is not being edited.
function cursorIn(editor, query) {
  if (!editor?.hasTextFocus() || !query.startsWith(editor.getValue())) return null;
  return editor.getModel().getOffsetAt(editor.getPosition());
}
