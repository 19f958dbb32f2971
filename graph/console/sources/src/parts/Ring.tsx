import css from "./Ring.module.css";

interface Props {
  /** A number from 0 to 100. */
  percentage: number;
}

const SIZE = 34;
const RADIUS = 15;

/** A share as a part of a circle. The text beside it tells the share in words. */
export function Ring({ percentage }: Props) {
  const share = Math.min(Math.max(percentage, 0), 100);
  const middle = SIZE / 2;
  return (
    <svg className={css.ring} width={SIZE} height={SIZE} viewBox={`0 0 ${SIZE} ${SIZE}`} aria-hidden="true">
      <circle className={css.whole} cx={middle} cy={middle} r={RADIUS} />
      <circle
        className={css.share}
        cx={middle}
        cy={middle}
        r={RADIUS}
        pathLength={100}
        strokeDasharray={`${share} 100`}
        transform={`rotate(-90 ${middle} ${middle})`}
      />
      <text className={css.number} x={middle} y={middle} dominantBaseline="central" textAnchor="middle">
        {Math.round(share * 10) / 10}
      </text>
    </svg>
  );
}
