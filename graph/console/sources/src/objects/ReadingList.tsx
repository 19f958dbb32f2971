import css from "./ReadingList.module.css";

/** The fields of an object in words, for people who cannot edit them. */
export function ReadingList({ rows }: { rows: readonly { title: string; words: string }[] }) {
  return (
    <dl className={css.list}>
      {rows.map(({ title, words }) => (
        <div key={title} className={css.row}>
          <dt>{title}</dt>
          <dd>{words === "" ? <span className={css.none}>none</span> : <bdi>{words}</bdi>}</dd>
        </div>
      ))}
    </dl>
  );
}
