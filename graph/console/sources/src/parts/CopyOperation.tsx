import { useState } from "react";

import css from "./CopyOperation.module.css";
import { copyText } from "./clipboard.ts";
import { Menu } from "./Menu.tsx";
import { curlOf, graphiqlOf, graphqlOf, pythonOf } from "../app/operation.ts";
import type { Operation } from "../app/operation.ts";

interface Props {
  operation: () => Operation;
  /** Return a link to the changes of the operation, if people can share them. */
  link?: (() => string) | undefined;
}

/** A menu that copies an operation in several formats, or opens it in GraphiQL. */
export function CopyOperation({ operation, link }: Props) {
  const [copied, setCopied] = useState<string>();
  const copy = (title: string, text: () => string) => ({
    key: title,
    content: title,
    onChoose: () => {
      void copyText(text()).then(() => setCopied(title));
    },
  });
  return (
    <span className={css.place}>
      <Menu
        small
        title={copied === undefined ? "Copy as" : `Copied as ${copied}`}
        items={[
          copy("GraphQL", () => graphqlOf(operation())),
          copy("curl", () => curlOf(operation())),
          copy("Python", () => pythonOf(operation())),
          ...(link ? [copy("Link for a review", link)] : []),
          {
            key: "GraphiQL",
            content: "Open in GraphiQL",
            onChoose: () => window.open(graphiqlOf(operation()), "_blank", "noopener"),
          },
        ]}
      />
      <span role="status" className="hidden">
        {copied !== undefined && `Copied as ${copied}`}
      </span>
    </span>
  );
}
