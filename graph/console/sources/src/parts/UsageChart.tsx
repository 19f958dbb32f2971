import css from "./UsageChart.module.css";
import { axisEnd, countWords, totalOf } from "./usageCounts.ts";
import type { Bucket } from "./usageCounts.ts";

interface Props {
  /** The name of the chart, such as "Evaluations in production, the last 24 hours". */
  title: string;
  buckets: readonly Bucket[];
  /** Formats the start of a bucket for the axis and for the table. */
  timeWords: (time: string) => string;
}

const HEIGHT = 100;
const WIDTH = 1000;

/** Bars with the numbers of evaluations over time. The numbers are also in the caption and in a table. */
export function UsageChart({ title, buckets, timeWords }: Props) {
  const { yes, no } = totalOf(buckets);
  const end = axisEnd(buckets);
  const step = WIDTH / Math.max(buckets.length, 1);
  const gap = step > 12 ? 3 : step / 5;
  const words = `${countWords(yes)} yes, ${countWords(no)} no`;
  const [first, middle, last] = [buckets[0], buckets[Math.floor(buckets.length / 2)], buckets.at(-1)];
  const used = buckets.filter((bucket) => bucket.yes + bucket.no > 0);

  return (
    <figure className={css.chart}>
      <div className={css.plot}>
        <span className={css.end} aria-hidden="true">
          {countWords(end)}
        </span>
        <svg
          className={css.bars}
          viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={`${title}: ${words}`}
        >
          <line className={css.line} x1={0} x2={WIDTH} y1={0.5} y2={0.5} />
          <line className={css.line} x1={0} x2={WIDTH} y1={HEIGHT / 2} y2={HEIGHT / 2} />
          {buckets.map((bucket, index) => {
            const low = (bucket.yes / end) * HEIGHT;
            const high = (bucket.no / end) * HEIGHT;
            const place = { x: index * step + gap / 2, width: step - gap };
            return (
              <g key={bucket.start}>
                <title>{`${timeWords(bucket.start)}: ${bucket.yes} yes, ${bucket.no} no`}</title>
                {high > 0 && <rect className={css.no} {...place} y={HEIGHT - low - high} height={high} />}
                {low > 0 && <rect className={css.yes} {...place} y={HEIGHT - low} height={low} />}
              </g>
            );
          })}
          <line className={css.base} x1={0} x2={WIDTH} y1={HEIGHT} y2={HEIGHT} />
        </svg>
        <div className={css.times} aria-hidden="true">
          {[first, middle, last].map((bucket, index) => (
            <span key={index}>{bucket && timeWords(bucket.start)}</span>
          ))}
        </div>
      </div>
      <figcaption className={css.caption}>
        <span className={css.key} data-answer="yes">
          {countWords(yes)} yes
        </span>
        <span className={css.key} data-answer="no">
          {countWords(no)} no
        </span>
      </figcaption>
      {used.length > 0 && (
        <details className={css.details}>
          <summary>Show as a table</summary>
          <div className={css.scroll} role="region" aria-label={`Table: ${title}`} tabIndex={0}>
            <table className={css.table}>
              <thead>
                <tr>
                  <th scope="col">From</th>
                  <th scope="col">Yes</th>
                  <th scope="col">No</th>
                </tr>
              </thead>
              <tbody>
                {used.map((bucket) => (
                  <tr key={bucket.start}>
                    <th scope="row">{timeWords(bucket.start)}</th>
                    <td>{bucket.yes}</td>
                    <td>{bucket.no}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          <p className={css.note}>Intervals without evaluations are not listed.</p>
        </details>
      )}
    </figure>
  );
}
