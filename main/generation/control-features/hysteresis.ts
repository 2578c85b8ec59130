/** What a pixel may be before it is known what it hangs on. */
export const CANDIDATE = { none: 0, weak: 1, strong: 2 } as const;

/**
 * Keeps strong pixels and the weak ones that a chain of weak neighbours (of eight) joins to one (Canny 1986, §V).
 *
 * @param candidates one of {@link CANDIDATE} a pixel
 * @returns 255 for edges, 0 elsewhere
 */
export function followEdges(candidates: Uint8Array, width: number, height: number): Uint8Array {
  const edges = new Uint8Array(candidates.length);
  const open: number[] = [];
  const take = (place: number): void => {
    edges[place] = 255;
    open.push(place);
  };
  for (let start = 0; start < candidates.length; start++) {
    if (candidates[start] === CANDIDATE.strong && edges[start] === 0) take(start);
  }
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    const x = place % width;
    const y = (place - x) / width;
    for (let row = Math.max(0, y - 1); row <= Math.min(height - 1, y + 1); row++) {
      for (let column = Math.max(0, x - 1); column <= Math.min(width - 1, x + 1); column++) {
        const next = row * width + column;
        if (candidates[next] === CANDIDATE.weak && edges[next] === 0) take(next);
      }
    }
  }
  return edges;
}
