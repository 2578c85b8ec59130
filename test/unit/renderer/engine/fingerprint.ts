import { createHash } from 'node:crypto';
import { NOTE_KEYS } from '../../../../renderer/engine/changes.ts';
import type { PaintDocument } from '../../../../renderer/engine/document.ts';

const digests = new WeakMap<Uint8Array, string>();

function digest(data: Uint8Array): string {
  const kept = digests.get(data);
  if (kept !== undefined) return kept;
  const made = createHash('sha1').update(data).digest('hex');
  digests.set(data, made);
  return made;
}

/** A hash of everything that a document holds. Tiles are hashed once: they never change. */
export function fingerprint(document: PaintDocument): string {
  const layers = [...document.layers.all()].map((layer) => ({
    record: Object.fromEntries(Object.entries(layer.record).toSorted(([a], [b]) => (a < b ? -1 : 1))),
    index: document.layers.indexOf(layer.record.id),
    tiles: [...layer.tiles.entries()].map(({ x, y, data }) => `${x},${y},${digest(data)}`).toSorted(),
    mask: [...layer.mask.tiles.entries()].map(({ x, y, data }) => `${x},${y},${digest(data)}`).toSorted(),
  }));
  const { width, height, format } = document;
  const notes = NOTE_KEYS.map((key) => {
    const bytes = document.note(key);
    return bytes && digest(bytes);
  });
  const all = JSON.stringify({ width, height, format, layers, notes });
  return createHash('sha1').update(all).digest('hex');
}
