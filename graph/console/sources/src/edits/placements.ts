/**
 * Return the positions at which to add or move items of a list, so that the list gets the order `after`.
 *
 * Add and move the items in the order of `after`. A position counts the items of the list without the added
 * or moved item. As few items as possible move. `before` contains only items of `after`. A new item has no
 * position if it is added at the end.
 */
export function placements(before: readonly string[], after: readonly string[]): Map<string, number> {
  const known = new Set(before);
  const staying = longestIncreasing(after.filter((id) => known.has(id)), before);
  const current = [...before];
  const positions = new Map<string, number>();
  for (const [index, id] of after.entries()) {
    if (staying.has(id)) continue;
    if (known.has(id)) current.splice(current.indexOf(id), 1);
    const previous = after[index - 1];
    const position = previous === undefined ? 0 : current.indexOf(previous) + 1;
    if (known.has(id) || position < current.length) positions.set(id, position);
    current.splice(position, 0, id);
  }
  return positions;
}

/** Return the most items whose order in `after` is also their order in `before`. */
function longestIncreasing(after: readonly string[], before: readonly string[]): Set<string> {
  const places = new Map(before.map((id, place) => [id, place]));
  const best: string[][] = [];
  for (const [index, id] of after.entries()) {
    const place = places.get(id) ?? 0;
    let longest: string[] = [];
    for (let earlier = 0; earlier < index; earlier += 1) {
      const chain = best[earlier] ?? [];
      const last = places.get(after[earlier] ?? "") ?? 0;
      if (last < place && chain.length > longest.length) longest = chain;
    }
    best.push([...longest, id]);
  }
  return new Set(best.reduce((a, b) => (b.length > a.length ? b : a), []));
}
