import css from "./Problems.module.css";

/** The reasons why the server refused a change; nothing if there are none. */
export function Problems({ problems }: { problems: readonly { message: string }[] }) {
  return (
    <div role="alert" className={css.problems}>
      {problems.map(({ message }) => (
        <p key={message} className={css.problem}>
          {message}
        </p>
      ))}
    </div>
  );
}
