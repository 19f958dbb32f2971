import { useState } from "react";

import { VariantBar } from "./VariantBar.tsx";
import type { Definitions } from "../../edits/definitions.ts";
import type { VariantDraft } from "../../edits/draft.ts";
import { VariantsEditor } from "../../edits/editors/VariantsEditor.tsx";
import { Badge } from "../../parts/Badge.tsx";
import { Button } from "../../parts/Button.tsx";
import { Card } from "../../parts/Card.tsx";

interface Props {
  variants: readonly VariantDraft[];
  definitions: Definitions;
  isEdited: boolean;
  isEditable: boolean;
  onChange: (variants: readonly VariantDraft[]) => void;
}

/** The variants of an environment. */
export function VariantsCard({ variants, definitions, isEdited, isEditable, onChange }: Props) {
  const [isOpen, setOpen] = useState(false);
  if (variants.length === 0 && !isEditable) return null;
  return (
    <Card
      title="Variants"
      isEdited={isEdited}
      aside={
        <>
          {isEdited && <Badge tone="warn">edited</Badge>}
          {isEditable && (
            <Button small onClick={() => setOpen(!isOpen)}>
              {isOpen ? "Close the variants" : "Edit the variants"}
            </Button>
          )}
        </>
      }
    >
      {variants.length > 0 ? <VariantBar variants={variants} /> : <p>Users get no variant.</p>}
      {isOpen && isEditable && (
        <VariantsEditor variants={variants} definitions={definitions} onChange={onChange} />
      )}
    </Card>
  );
}
