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

/** The name of an environment, with its symbol. */
export function EnvironmentName({ name, type }: Props) {
  return (
    <span className={css.environment} title={titleOf(name, type)}>
      <span className={css.mark} data-type={type} aria-hidden="true" />
      <span className="cut">{name}</span>
    </span>
  );
}

/** The symbol of an environment beside a text with its name. The type determines its colour and shape. */
export function EnvironmentMark({ name, type }: Props) {
  return <span className={css.mark} data-type={type} title={titleOf(name, type)} aria-hidden="true" />;
}

function titleOf(name: string, type: EnvironmentType): string {
  return `${name} (${WORDS[type]})`;
}
