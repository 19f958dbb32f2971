// The changes that create a toggle.
import { strategyInput } from "../../edits/changes.ts";
import type { StrategyDraft, TagDraft, ToggleDraft } from "../../edits/draft.ts";
import type { ChangeInput } from "../../gql/edits.ts";

export interface NewToggle {
  name: string;
  description: string;
  type: string;
  project: string;
  impressionData: boolean;
  tags: readonly TagDraft[];
  /** The strategies in all environments. */
  strategies: readonly StrategyDraft[];
  /** The environments in which the toggle is on. */
  enabledIn: readonly string[];
}

export const EMPTY: NewToggle = {
  name: "",
  description: "",
  type: "release",
  project: "default",
  impressionData: false,
  tags: [],
  strategies: [],
  enabledIn: [],
};

/** Return the details of an existing toggle for a new one. The new toggle is off at first. */
export function similarTo(toggle: ToggleDraft): NewToggle {
  const { description, type, project, impressionData, tags } = toggle;
  return { ...EMPTY, description, type, project, impressionData, tags };
}

/**
 * Return the changes that create a toggle with the same configuration in all environments. If there is a toggle
 * `from`, its configurations are copied instead.
 */
export function creationOf(
  toggle: NewToggle,
  environments: readonly string[],
  from: ToggleDraft | undefined,
): ChangeInput[] {
  const { name, description, type, project, impressionData, enabledIn } = toggle;
  const tags = [...toggle.tags];
  const details = { name, description, type, project, impressionData, tags };
  const [first = "default", ...others] = environments;
  const isOn = (environment: string) => enabledIn.includes(environment);
  if (from) {
    const copied = environments.filter((environment) =>
      from.environments.some((configuration) => configuration.environment === environment),
    );
    return [
      { toggleCreate: { ...details, environment: first, strategies: [] } },
      ...copied.map((environment) => ({
        toggleCopyConfiguration: { name: from.name, from: environment, to: environment, toToggle: name },
      })),
      ...environments
        .filter(isOn)
        .map((environment) => ({ toggleSetEnabled: { name, environment, enabled: true } })),
    ];
  }
  const strategies = toggle.strategies.map(strategyInput);
  // A new toggle is off and has no strategies, so a change to that would only be a warning in the review.
  const configured = others.filter((environment) => isOn(environment) || strategies.length > 0);
  return [
    { toggleCreate: { ...details, environment: first, enabled: isOn(first), strategies } },
    ...configured.map((environment) => ({
      toggleConfigure: { name, environment, enabled: isOn(environment), strategies },
    })),
  ];
}
