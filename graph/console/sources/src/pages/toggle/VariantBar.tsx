import css from "./VariantBar.module.css";
import type { VariantDraft } from "../../edits/draft.ts";
import { sharesOf } from "../../edits/phrases.ts";

/** The variants with their shares. */
export function VariantBar({ variants }: { variants: readonly VariantDraft[] }) {
  const shares = sharesOf(variants);
  return (
    <div className={css.variants}>
      <svg className={css.bar} viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">
        {shares.map((share, index) => (
          <rect
            key={index}
            className={css.share}
            data-color={index % 6}
            x={shares.slice(0, index).reduce((sum, each) => sum + each, 0)}
            width={share}
            height={1}
          />
        ))}
      </svg>
      <ul className={css.list}>
        {variants.map(({ name, weightType, payload, overrides }, index) => (
          <li key={index} className={css.variant}>
            <span className={css.mark} data-color={index % 6} aria-hidden="true" />
            <strong className={css.name}>{name}</strong>
            <span>
              {shares[index]} %{weightType === "FIX" && ", fixed"}
            </span>
            {payload && (
              <code className={`${css.payload} cut`} title={payload.value}>
                {payload.value}
              </code>
            )}
            {overrides.map(({ contextName, values }, place) => (
              <span key={place} className={css.override}>
                always for {contextName} {values.join(", ")}
              </span>
            ))}
          </li>
        ))}
      </ul>
    </div>
  );
}
