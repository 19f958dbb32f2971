import css from "./tokens.module.css";
import { expiryTone, hasScope, TYPE_WORDS } from "./token.ts";
import type { Token } from "./token.ts";
import { Badge } from "../../parts/Badge.tsx";
import { Button } from "../../parts/Button.tsx";
import { DataTable } from "../../parts/DataTable.tsx";
import type { Column } from "../../parts/DataTable.tsx";
import { EnvironmentName } from "../../parts/EnvironmentName.tsx";
import { useNow, When } from "../../parts/When.tsx";

export type TokenAction = "edit" | "revoke";

interface Props {
  rows: readonly Token[];
  isLoading: boolean;
  onAction: (action: TokenAction, token: Token) => void;
}

/** The tokens with what they may do, who made them, and how long they are valid. */
export function TokenTable({ rows, isLoading, onAction }: Props) {
  const columns: readonly Column<Token>[] = [
    { title: "Token", cell: (token) => <Name token={token} /> },
    { title: "Used by", width: 130, cell: ({ type }) => TYPE_WORDS[type].title },
    { title: "Reads", width: 190, cell: (token) => <Scope token={token} /> },
    { title: "Last used", width: 92, cell: ({ lastUsedAt }) => <When time={lastUsedAt} /> },
    { title: "Expires", width: 112, cell: ({ expiresAt }) => <Expiry time={expiresAt} /> },
    { title: "Created", width: 150, isOptional: true, cell: (token) => <Creation token={token} /> },
    {
      title: "Actions",
      width: 178,
      isTitleHidden: true,
      cell: (token) => (
        <div className={css.actions}>
          <Button small label={`Change the expiry of ${token.name}`} onClick={() => onAction("edit", token)}>
            Expiry…
          </Button>
          <Button small kind="danger" label={`Revoke ${token.name}`} onClick={() => onAction("revoke", token)}>
            Revoke…
          </Button>
        </div>
      ),
    },
  ];
  return <DataTable label="Tokens" columns={columns} rows={rows} keyOf={({ id }) => id} isLoading={isLoading} />;
}

function Name({ token: { name, hint } }: { token: Token }) {
  return (
    <>
      <div className={css.title}>
        <bdi>{name}</bdi>
      </div>
      {hint !== "" && (
        <div className={css.detail}>
          ends with <span className={css.hint}>{hint}</span>
        </div>
      )}
    </>
  );
}

function Scope({ token: { type, environment, projects } }: { token: Token }) {
  if (!hasScope(type)) return <span className={css.detail}>everything</span>;
  const names = projects.map(({ title }) => title).join(", ");
  return (
    <>
      {environment && <EnvironmentName name={environment.name} type={environment.type} />}
      <div className={`${css.details} cut`} title={names}>
        {names === "" ? "all projects" : names}
      </div>
    </>
  );
}

function Expiry({ time }: { time: string | null }) {
  const tone = expiryTone(time, useNow());
  if (tone === "bad") return <Badge tone="bad">expired</Badge>;
  const words = <When time={time} />;
  return tone === undefined ? words : <Badge tone={tone}>{words}</Badge>;
}

function Creation({ token: { createdAt, createdBy, createdByToken } }: { token: Token }) {
  const name = createdBy?.name ?? "unknown";
  return (
    <>
      <When time={createdAt} />
      <div className={`${css.details} cut`} title={createdByToken ? `with the token ${createdByToken.name}` : name}>
        by <bdi>{name}</bdi>
      </div>
    </>
  );
}
