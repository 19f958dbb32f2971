import { useEffect, useRef, useState } from "preact/hooks";

const WORD = "sample";

// Asks the user to type a word before stories run on a server that is not a demo.
export function Confirmation({ onAnswer }) {
  const dialog = useRef(null);
  const [text, setText] = useState("");
  useEffect(() => dialog.current.showModal(), []);

  function submit(event) {
    event.preventDefault();
    if (text.trim() === WORD) onAnswer(true);
  }

  return (
    <dialog ref={dialog} aria-labelledby="confirm-title" onCancel={() => onAnswer(false)}>
      <form method="dialog" onSubmit={submit}>
        <h2 id="confirm-title">This server is not a demo</h2>
        <p>
          The stories create toggles, tokens and more, and remove all of it at the end. Everything is
          in the project <code>sample</code> or has a name that begins with <code>sample-</code>.
          Nothing else is changed. The audit log keeps the events.
        </p>
        <p>SDKs of the environment default see the toggles for some seconds.</p>
        <label for="confirm">
          Type <code>{WORD}</code> to go on
        </label>
        <input
          id="confirm"
          autocomplete="off"
          spellcheck={false}
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
        <div class="actions">
          <button type="button" onClick={() => onAnswer(false)}>
            Cancel
          </button>
          <button class="primary" type="submit" disabled={text.trim() !== WORD}>
            Run
          </button>
        </div>
      </form>
    </dialog>
  );
}
