import { useCallback, useMemo, useState } from "react";

import css from "./tokens.module.css";
import { CreateToken } from "./CreateToken.tsx";
import type { CreatedToken } from "./CreateToken.tsx";
import { EditExpiry } from "./EditExpiry.tsx";
import { filterIn, typeIn, TYPES, VALIDITIES, validityIn } from "./filter.ts";
import { RevokeToken } from "./RevokeToken.tsx";
import { TYPE_WORDS } from "./token.ts";
import { TokenSecret } from "./TokenSecret.tsx";
import { TokenTable } from "./TokenTable.tsx";
import { useAddress } from "../../app/address.ts";
import { useQuery } from "../../app/client.ts";
import { FIRST_PAGE, pageArguments, turningIn } from "../../app/paging.ts";
import { useSession } from "../../app/session.tsx";
import { useEvents } from "../../edits/events.ts";
import { TokensPageDocument } from "../../gql/tokens.ts";
import type { EventType, TokensPageQuery } from "../../gql/tokens.ts";
import { Button } from "../../parts/Button.tsx";
import { Empty } from "../../parts/Empty.tsx";
import { FilterSelect } from "../../parts/FilterSelect.tsx";
import { LoadFailure } from "../../parts/LoadFailure.tsx";
import { Page } from "../../parts/Page.tsx";
import { Pager } from "../../parts/Pager.tsx";
import { RetryBanner } from "../../parts/RetryBanner.tsx";
import { Segmented } from "../../parts/Segmented.tsx";
import { Skeleton } from "../../parts/Skeleton.tsx";
import { useToast } from "../../parts/Toast.tsx";
import { SearchBox } from "../../search/SearchBox.tsx";

const PAGE_SIZE = 50;
const EVENTS: readonly EventType[] = ["API_TOKEN_CREATED", "API_TOKEN_UPDATED", "API_TOKEN_REVOKED"];

/** The API tokens, which only admin tokens can read. The parameter `do` of the address names an open dialog. */
export default function TokensPage() {
  const { viewer } = useSession();
  return viewer.canWrite ? (
    <Tokens />
  ) : (
    <Page title="Tokens">
      <Empty title="Your token does not read tokens">
        <p>Sign in with an admin token to see and change the tokens of this server.</p>
      </Empty>
    </Page>
  );
}

function Tokens() {
  const address = useAddress();
  const { change } = address;
  const text = JSON.stringify(filterIn(address));
  const after = address.one("after");
  const before = address.one("before");
  const variables = useMemo(
    () => ({
      filter: JSON.parse(text) as ReturnType<typeof filterIn>,
      ...pageArguments(PAGE_SIZE, after, before),
    }),
    [text, after, before],
  );
  const { data, problem, loading, again } = useQuery(TokensPageDocument, variables);
  useEvents(EVENTS, again);
  const onSearch = useCallback((q: string) => change({ q, ...FIRST_PAGE }), [change]);
  const pageInfo = data?.apiTokens.pageInfo;

  return (
    <Page
      title="Tokens"
      note={data && `${data.apiTokens.totalCount} ${text === "{}" ? "in all" : "found"}`}
      isRefreshing={loading && data !== undefined}
      actions={
        <Button kind="primary" keys="n" onClick={() => change({ do: "create" })}>
          New token
        </Button>
      }
    >
      <SearchBox label="Search tokens" placeholder="Search the names" text={address.one("q")} onSearch={onSearch} />
      <div className={css.filter}>
        <Segmented
          label="Validity"
          choices={VALIDITIES}
          value={validityIn(address)}
          onChange={(expired) => change({ expired: expired === "all" ? null : expired, ...FIRST_PAGE })}
        />
        <FilterSelect
          label="Used by"
          value={typeIn(address)}
          options={[
            { value: "", text: "anybody" },
            ...TYPES.map((type) => ({ value: type, text: TYPE_WORDS[type].title })),
          ]}
          onChange={(type) => change({ type: type.toLowerCase(), ...FIRST_PAGE })}
        />
      </div>
      {problem && data && <RetryBanner onRetry={again}>These tokens may be out of date. {problem}</RetryBanner>}
      {data ? (
        <List
          rows={data.apiTokens.nodes}
          isLoading={loading}
          isFiltered={text !== "{}"}
          onChanged={again}
        />
      ) : problem ? (
        <LoadFailure subject="The tokens" problem={problem} onRetry={again} />
      ) : (
        <Skeleton rows={12} />
      )}
      {pageInfo && <Pager {...turningIn(address, pageInfo)} />}
    </Page>
  );
}

interface ListProps {
  rows: TokensPageQuery["apiTokens"]["nodes"];
  isLoading: boolean;
  isFiltered: boolean;
  onChanged: () => void;
}

function List({ rows, isLoading, isFiltered, onChanged }: ListProps) {
  const address = useAddress();
  const show = useToast();
  const [created, setCreated] = useState<CreatedToken>();
  const [action = "", id = ""] = address.one("do").split(":");
  const token = rows.find((row) => row.id === id);
  const close = () => address.change({ do: null });
  const finish = (text: string) => {
    close();
    onChanged();
    show({ text });
  };

  return (
    <>
      {rows.length > 0 ? (
        <TokenTable
          rows={rows}
          isLoading={isLoading}
          onAction={(verb, { id: chosen }) => address.change({ do: `${verb}:${chosen}` })}
        />
      ) : isFiltered ? (
        <Empty title="No token matches">
          <Button onClick={() => address.change({ q: null, type: null, expired: null, ...FIRST_PAGE })}>
            Show all tokens
          </Button>
        </Empty>
      ) : (
        <Empty title="There are no tokens yet">
          <p>Applications need a client or frontend token to fetch toggles.</p>
        </Empty>
      )}
      {action === "create" && (
        <CreateToken
          onClose={close}
          onCreated={(next) => {
            setCreated(next);
            close();
            onChanged();
          }}
        />
      )}
      {created && <TokenSecret created={created} onClose={() => setCreated(undefined)} />}
      {action === "edit" && token && (
        <EditExpiry token={token} onClose={close} onSaved={() => finish(`The expiry of ${token.name} is saved.`)} />
      )}
      {action === "revoke" && token && (
        <RevokeToken token={token} onClose={close} onRevoked={() => finish(`${token.name} is revoked.`)} />
      )}
    </>
  );
}
