import type { LayerRecord } from '../../engine/layers/layer-record.ts';

/**
 * Layers that a query finds, in their order, and the groups that they stand in: those whose name holds it, or whose label or
 * kind begins with it. Everything for a query of nothing.
 */
export function foundLayers(layers: readonly LayerRecord[], query: string): readonly LayerRecord[] {
  const wanted = query.trim().toLocaleLowerCase();
  if (wanted === '') return layers;
  const parents = new Map(layers.map(({ id, parent }) => [id, parent]));
  const shown = new Set<string>();
  for (const layer of layers) {
    const words = [layer.label ?? '', layer.text ? 'text' : layer.kind];
    const found =
      layer.name.toLocaleLowerCase().includes(wanted) || words.some((word) => word.startsWith(wanted));
    for (let id: string | null = found ? layer.id : null; id !== null; id = parents.get(id) ?? null)
      shown.add(id);
  }
  return layers.filter(({ id }) => shown.has(id));
}

/** What is in one list and not in the other. */
export function difference(one: readonly string[], other: readonly string[]): string[] {
  return [...one.filter((id) => !other.includes(id)), ...other.filter((id) => !one.includes(id))];
}
