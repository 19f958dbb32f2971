import css from "./EnvironmentName.module.css";
import type { EnvironmentType } from "../gql/edits.ts";

interface Props {
  name: string;
  type: EnvironmentType;
}

const WORDS: Record<EnvironmentType, string> = {
  PRODUCTION: "production",
  PRE_PRODUCTION: "pre-production",
  TEST: "test",
  DEVELOPMENT: "development",
};

/** The name of an environment, with a symbol. The type determines the colour and shape of the symbol. */
export function EnvironmentName({ name, type }: Props) {
  return (
    <span className={css.environment} title={`${name} (${WORDS[type]})`}>
      <span className={css.mark} data-type={type} aria-hidden="true" />
      <span className="cut">{name}</span>
    </span>
  );
}
