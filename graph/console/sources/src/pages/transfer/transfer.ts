// The choices of exports and imports, as variables of the API.
import type { ExportStateQueryVariables, StateFormat, StateImportInput, StateImportMode } from "../../gql/transfer.ts";
import { filterOf } from "../../search/filter.ts";
import { parseTerms } from "../../search/terms.ts";

export interface ExportChoice {
  /** Terms of the search for toggles; empty means all active toggles. */
  search: string;
  /** The environments; empty means all. */
  environments: readonly string[];
  hasToggles: boolean;
  hasStrategies: boolean;
  format: StateFormat;
}

/** Return the variables of an export. */
export function exportVariables(choice: ExportChoice): ExportStateQueryVariables {
  const { search, environments, hasToggles, hasStrategies, format } = choice;
  return {
    filter: search.trim() === "" ? null : filterOf(parseTerms(search)),
    environments: environments.length === 0 ? null : [...environments],
    toggles: hasToggles,
    strategies: hasStrategies,
    format,
  };
}

export const MODES: readonly { value: StateImportMode; title: string; meaning: string }[] = [
  {
    value: "MERGE",
    title: "Merge",
    meaning: "Creates what is missing, and overwrites what the file and the server both have.",
  },
  {
    value: "KEEP_EXISTING",
    title: "Only add",
    meaning: "Creates what is missing, and changes nothing that the server has already.",
  },
  {
    value: "REPLACE_ALL",
    title: "Replace everything",
    meaning: "Like Merge, and removes all toggles and custom strategies that the file does not have.",
  },
];

export interface ImportFile {
  name: string;
  content: string;
  /** The size in bytes. */
  size: number;
}

export interface ImportChoice {
  file: ImportFile;
  /** A file with the segments that a batch export omits. */
  segments?: ImportFile | undefined;
  mode: StateImportMode;
  /** The project of all toggles; empty means the projects that the file names. */
  project: string;
  /** The environment of configurations without one; empty means the default environment. */
  environment: string;
}

/** Return the input of an import. */
export function importInput({ file, segments, mode, project, environment }: ImportChoice): StateImportInput {
  return {
    source: { content: file.content },
    ...(segments && { segments: { content: segments.content } }),
    mode,
    ...(project !== "" && { project }),
    ...(environment !== "" && { environment }),
  };
}

const UNITS = ["bytes", "KB", "MB"] as const;

/** Return a size in words, such as `12 KB`. */
export function sizeWords(bytes: number): string {
  const power = bytes < 1_000 ? 0 : bytes < 1_000_000 ? 1 : 2;
  const size = bytes / 1_000 ** power;
  const text = size < 10 && power > 0 ? size.toFixed(1) : Math.round(size).toString();
  return `${text} ${UNITS[power]}`;
}

/** Return the reason why a file cannot be imported, or undefined. */
export function sizeProblem({ name, size }: Pick<ImportFile, "name" | "size">, maxBytes: number): string | undefined {
  if (size === 0) return `${name} is empty.`;
  if (size <= maxBytes) return undefined;
  return `${name} has ${sizeWords(size)}; the server accepts at most ${sizeWords(maxBytes)}.`;
}
