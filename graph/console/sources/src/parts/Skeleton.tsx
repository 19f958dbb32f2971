import css from "./Skeleton.module.css";

/** Rows of the final height, shown while data is loading for longer than a moment. */
export function Skeleton({ rows }: { rows: number }) {
  return (
    <div className={css.skeleton} role="status" aria-label="Loading">
      {Array.from({ length: rows }, (_, index) => (
        <div key={index} className={css.row} />
      ))}
    </div>
  );
}
