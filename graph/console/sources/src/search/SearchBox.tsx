import { useEffect, useState } from "react";
import { Search, X } from "lucide-react";

import css from "./SearchBox.module.css";
import { IconButton } from "../parts/IconButton.tsx";

interface Props {
  label: string;
  placeholder: string;
  /** The text in the address. */
  text: string;
  onSearch: (text: string) => void;
}

const SETTLED_MS = 200;

/** A field for search terms. The key `/` moves the focus to the field. Escape clears the field. */
export function SearchBox({ label, placeholder, text, onSearch }: Props) {
  const [typed, setTyped] = useState(text);
  const [searched, setSearched] = useState(text);
  // The address may change without this field, for example when a chip is removed.
  if (text !== searched) {
    setSearched(text);
    setTyped(text);
  }

  useEffect(() => {
    if (typed === searched) return undefined;
    const timer = setTimeout(() => {
      setSearched(typed);
      onSearch(typed);
    }, SETTLED_MS);
    return () => clearTimeout(timer);
  }, [typed, searched, onSearch]);

  return (
    <search className={css.box}>
      <Search size={16} strokeWidth={1.75} aria-hidden="true" />
      <input
        type="search"
        aria-label={label}
        aria-keyshortcuts="/"
        placeholder={placeholder}
        autoComplete="off"
        spellCheck={false}
        maxLength={500}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape") setTyped("");
        }}
      />
      {typed !== "" && <IconButton label="Clear the search" icon={X} onClick={() => setTyped("")} />}
      <kbd className={css.key} aria-hidden="true">
        /
      </kbd>
    </search>
  );
}
