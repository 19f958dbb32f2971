import { useState } from "react";
import { Check, Copy } from "lucide-react";

import { copyText } from "./clipboard.ts";
import { IconButton } from "./IconButton.tsx";

interface Props {
  label: string;
  text: string;
  /** The key that presses the button. */
  keys?: string;
}

/** A button with an icon that copies a text and confirms the copy. */
export function CopyButton({ label, text, keys }: Props) {
  const [copied, setCopied] = useState<string>();
  const isCopied = copied === text;
  return (
    <>
      <IconButton
        label={label}
        keys={keys}
        icon={isCopied ? Check : Copy}
        onClick={() => {
          void copyText(text).then(() => setCopied(text));
        }}
      />
      <span role="status" className="hidden">
        {isCopied && "Copied"}
      </span>
    </>
  );
}
