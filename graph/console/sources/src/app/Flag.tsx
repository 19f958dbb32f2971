import css from "./Flag.module.css";

/** The logo of Flagstaff. */
export function Flag({ size }: { size: number }) {
  return (
    <svg className={css.flag} width={size} height={size} viewBox="0 0 16 16" aria-hidden="true">
      <path className={css.pole} d="M3 1v14" />
      <path className={css.cloth} d="M4 2h10l-3 3 3 3H4z" />
    </svg>
  );
}
