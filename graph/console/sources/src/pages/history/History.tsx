import css from "./History.module.css";
import { VersionList } from "./VersionList.tsx";
import { VersionView } from "./VersionView.tsx";
import { pagesIn, useChosen } from "./versions.ts";
import type { VersionEdge } from "./versions.ts";
import { useAddress } from "../../app/address.ts";
import type { Answer } from "../../app/client.ts";
import type { HistoryPageQuery } from "../../gql/history.ts";
import { Empty } from "../../parts/Empty.tsx";
import { Pager } from "../../parts/Pager.tsx";
import { Skeleton } from "../../parts/Skeleton.tsx";

interface Props {
  name: string;
  answer: Answer<HistoryPageQuery>;
  data: HistoryPageQuery;
}

/** The list of versions, a slider over the list, and the chosen version. */
export function History({ name, answer, data }: Props) {
  const address = useAddress();
  const pages = pagesIn(address);
  const { edges, pageInfo } = data.toggleVersions;
  const chosen = useChosen(address, answer);
  const choose = ({ node }: VersionEdge) => address.change({ revision: String(node.revision) });
  const turn = (next: readonly string[]) => address.change({ after: next, revision: null }, "push");
  const index = chosen ? edges.indexOf(chosen) : -1;
  const { endCursor } = pageInfo;

  return (
    <div className={css.columns}>
      <div className={css.side}>
        {edges.length > 1 && (
          <label className={css.slider}>
            <span>Walk through the versions</span>
            <input
              type="range"
              min={0}
              max={edges.length - 1}
              value={index < 0 ? edges.length - 1 : edges.length - 1 - index}
              aria-valuetext={chosen ? `Revision ${chosen.node.revision}: ${chosen.node.event.summary}` : "none"}
              onChange={(event) => {
                const edge = edges[edges.length - 1 - Number(event.target.value)];
                if (edge) choose(edge);
              }}
            />
            <span className={css.ends} aria-hidden="true">
              <span>older</span>
              <span>newer</span>
            </span>
          </label>
        )}
        <VersionList edges={edges} chosen={chosen} onChoose={choose} />
        <Pager
          onPrevious={pages.length > 0 ? () => turn(pages.slice(0, -1)) : undefined}
          onNext={pageInfo.hasNextPage && endCursor !== null ? () => turn([...pages, endCursor]) : undefined}
        />
      </div>
      {chosen ? (
        <VersionView name={name} data={data} chosen={chosen} pageAfter={pages.at(-1) ?? null} again={answer.again} />
      ) : answer.loading ? (
        <Skeleton rows={8} />
      ) : (
        <Empty title={`No version of ${name} has the revision ${address.one("revision")}`}>
          <p>Choose a version of the list.</p>
        </Empty>
      )}
    </div>
  );
}
