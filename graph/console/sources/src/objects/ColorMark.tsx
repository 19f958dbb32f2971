const HEX = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i;

/** A spot of a colour; nothing if the text is not a hex triplet. */
export function ColorMark({ color }: { color: string | null }) {
  if (color === null || !HEX.test(color)) return null;
  return (
    <svg width={12} height={12} viewBox="0 0 12 12" aria-hidden="true">
      <circle cx={6} cy={6} r={5.5} fill={color} stroke="currentColor" strokeOpacity={0.25} />
    </svg>
  );
}
