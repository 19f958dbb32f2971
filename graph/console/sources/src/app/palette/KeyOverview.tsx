import css from "./Palette.module.css";
import { KEY_GROUPS } from "../keys.ts";
import { singleKeys } from "../preferences.ts";
import { useSignal } from "../signal.ts";
import { Button } from "../../parts/Button.tsx";
import { CheckField } from "../../parts/CheckField.tsx";
import { Dialog } from "../../parts/Dialog.tsx";

/** All keys of the console, and the switch for keys without Ctrl or ⌘. */
export default function KeyOverview({ onClose }: { onClose: () => void }) {
  const single = useSignal(singleKeys);
  return (
    <Dialog title="Keys" onClose={onClose} actions={<Button onClick={onClose}>Close</Button>}>
      <CheckField
        label="Use single keys"
        hint="Switch them off if you dictate, or if keys are pressed by accident. Keys with Ctrl or ⌘ always work."
        checked={single === "on"}
        onChange={(isOn) => singleKeys.set(isOn ? "on" : "off")}
      />
      <div className={css.groups}>
        {KEY_GROUPS.map(({ title, keys: members }) => (
          <section key={title} aria-label={title}>
            <h3>{title}</h3>
            <dl>
              {members.map(({ keys, words }) => (
                <div key={words} className={css.row}>
                  <dt>{words}</dt>
                  <dd>
                    {keys.map((key) => (
                      <kbd key={key} className={css.keys}>
                        {key}
                      </kbd>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
