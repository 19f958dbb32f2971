import css from "./page.module.css";
import type { ImportStateMutation } from "../../gql/transfer.ts";

type Props = Pick<ImportStateMutation["stateImport"], "warnings" | "warningCount">;

const SHOWN = 100;
// The path of the text in the input, which is not part of the file.
const FILE_DEPTH = 2;

/** The items of a file that are left out or changed; nothing if there are none. */
export function FileWarnings({ warnings, warningCount }: Props) {
  if (warningCount === 0) return null;
  const shown = warnings.slice(0, SHOWN);
  return (
    <details className={css.warnings} open={warningCount <= 5}>
      <summary>
        {warningCount === 1
          ? "1 item of the file is not imported as it is"
          : `${warningCount} items of the file are not imported as they are`}
      </summary>
      <ul>
        {shown.map(({ message, path, leftOut }) => (
          <li key={`${path.join("/")} ${message}`}>
            {leftOut && "Left out: "}
            {message} <code>{path.slice(FILE_DEPTH).join(".")}</code>
          </li>
        ))}
        {warningCount > shown.length && <li>And {warningCount - shown.length} more.</li>}
      </ul>
    </details>
  );
}
