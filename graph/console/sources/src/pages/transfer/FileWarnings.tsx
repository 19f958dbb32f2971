import css from "./page.module.css";
import { placeInFile } from "../../edits/problemPlace.ts";
import type { ImportStateMutation } from "../../gql/transfer.ts";

type Props = Pick<ImportStateMutation["stateImport"], "warnings" | "warningCount">;

const SHOWN = 100;

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
            {message} <code>{placeInFile(path)}</code>
          </li>
        ))}
        {warningCount > shown.length && <li>And {warningCount - shown.length} more.</li>}
      </ul>
    </details>
  );
}
