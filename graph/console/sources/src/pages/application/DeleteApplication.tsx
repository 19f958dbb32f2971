import { useState } from "react";
import { useLocation } from "wouter";

import { useAsk } from "../../app/client.ts";
import { DeleteApplicationDocument } from "../../gql/application.ts";
import { Button } from "../../parts/Button.tsx";
import { Confirmation } from "../../parts/Confirmation.tsx";
import { useToast } from "../../parts/Toast.tsx";

/** Forgets an application. What its instances reported cannot be restored, so there is no undo. */
export function DeleteApplication({ name }: { name: string }) {
  const ask = useAsk();
  const show = useToast();
  const [, navigate] = useLocation();
  const [isAsking, setAsking] = useState(false);

  async function forget() {
    setAsking(false);
    try {
      const { errors } = (await ask(DeleteApplicationDocument, { input: { name } })).applicationDelete;
      if (errors[0]) throw new Error(errors[0].message);
      show({ text: `Deleted ${name}.` });
      navigate("/applications");
    } catch (error) {
      show({ text: `Not deleted. ${(error as Error).message}`, isFailure: true });
    }
  }

  return (
    <>
      <Button onClick={() => setAsking(true)}>Delete…</Button>
      {isAsking && (
        <Confirmation
          question={`Delete ${name}?`}
          answer="Delete"
          isDanger
          onNo={() => setAsking(false)}
          onYes={() => void forget()}
        >
          <p>Its instances and the toggles that it used are forgotten. This cannot be undone.</p>
          <p>The application appears again when one of its instances reports.</p>
        </Confirmation>
      )}
    </>
  );
}
