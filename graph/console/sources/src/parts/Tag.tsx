import css from "./Tag.module.css";

interface Props {
  type: string;
  value: string;
}

/** A tag; the type `simple` is not shown. */
export function Tag({ type, value }: Props) {
  const text = type === "simple" ? value : `${type}:${value}`;
  return (
    <span className={css.tag} title={text}>
      {text}
    </span>
  );
}
