import { useEffect, useState } from "react";

import css from "./SwitchCountdown.module.css";
import { Button } from "../parts/Button.tsx";

interface Props {
  /** The position that the switch will have. */
  on: boolean;
  /** The time at which the change is sent, in milliseconds. */
  at: number;
  /** Whether there is room for whole words beside the button. */
  isRoomy: boolean;
  onUndo: () => void;
}

/** The time until a switch acts, with a button that takes the switch back. */
export function SwitchCountdown({ on, at, isRoomy, onUndo }: Props) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 250);
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.max(Math.ceil((at - now) / 1000), 0);
  const position = on ? "on" : "off";
  return (
    <span className={css.countdown} data-roomy={isRoomy} role="status">
      {/* Screen readers would announce each second. */}
      <span className="hidden">{`Switches ${position} in 5 seconds.`}</span>
      <span className={css.words} aria-hidden="true">
        {isRoomy ? `Switches ${position}` : position} in {seconds} s
      </span>
      <span className={css.button}>
        <Button small keys="u" onClick={onUndo}>
          Undo
        </Button>
        <span className={css.clock} aria-hidden="true" />
      </span>
    </span>
  );
}
