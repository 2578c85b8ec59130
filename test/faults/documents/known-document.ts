import { createHash } from 'node:crypto';
import type { DocumentState, LayerRecord } from '../../../preload/contract/index.ts';

/** SHA-256 in hexadecimal, as the documents' own places give it. */
export const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** A document's picture and notes at one moment. Immutable: each step of history has its own. */
export interface Snapshot {
  readonly width: number;
  readonly height: number;
  readonly depth: 8 | 16;
  /** By id. */
  readonly records: ReadonlyMap<string, LayerRecord>;
  /** Ids of a group's layers, bottom to top; '' is the top. */
  readonly children: ReadonlyMap<string, readonly string[]>;
  /** `layer plane x,y` → hash of the content. */
  readonly tiles: ReadonlyMap<string, string>;
  /** Key → hash. */
  readonly notes: ReadonlyMap<string, string>;
}

/** What a client knows of a document: every step, and how many of them are applied. */
export interface Known {
  /** Before the first step. */
  readonly base: Snapshot;
  readonly steps: readonly { readonly label: string; readonly seq: number; readonly after: Snapshot }[];
  readonly applied: number;
  readonly points: readonly { readonly name: string; readonly id: number; readonly kept: Snapshot }[];
}

/** The picture after the last applied step. */
export const present = ({ base, steps, applied }: Known): Snapshot => steps[applied - 1]?.after ?? base;

/** Where a layer and its mask have tiles. */
type Places = (layerId: string) => Promise<Readonly<Record<'pixels' | 'mask', readonly TileAt[]>>>;
type TileAt = { readonly x: number; readonly y: number; readonly hash: string };

/** What a document that is open shows. */
export async function snapshotOf(
  { width, height, depth, layers }: DocumentState,
  notes: readonly { readonly key: string; readonly bytes: Uint8Array }[],
  places: Places,
): Promise<Snapshot> {
  const children = new Map<string, string[]>();
  const tiles = new Map<string, string>();
  for (const { id, parent } of layers) {
    children.set(parent ?? '', [...(children.get(parent ?? '') ?? []), id]);
    for (const [plane, at] of Object.entries(await places(id)))
      for (const { x, y, hash } of at) tiles.set(`${id} ${plane} ${x},${y}`, hash);
  }
  return {
    width,
    height,
    depth,
    records: new Map(layers.map((layer) => [layer.id, layer])),
    children,
    tiles,
    notes: new Map(notes.map(({ key, bytes }) => [key, hashOf(bytes)])),
  };
}

/** A snapshot as text that is the same for the same picture: what is absent and what is null are one. */
export function describeSnapshot({ records, children, tiles, notes, ...canvas }: Snapshot): string {
  const sorted = (map: ReadonlyMap<string, unknown>): unknown[] =>
    [...map].toSorted(([one], [other]) => (one < other ? -1 : 1));
  const full = new Map([...children].filter(([, ids]) => ids.length > 0));
  return JSON.stringify(
    [canvas, sorted(records), sorted(full), sorted(tiles), sorted(notes)],
    (_key, value: unknown) =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.fromEntries(
            Object.entries(value)
              .filter(([, property]) => property !== null && property !== undefined)
              .toSorted(([one], [other]) => (one < other ? -1 : 1)),
          )
        : value,
  );
}

/** The same document, with the numbers that a studio gave its steps and save points; null where it is another. */
export function recognise(known: Known, state: DocumentState, shown: string): Known | null {
  const { history, head, savePoints } = state;
  const applied = history.filter(({ seq }) => seq <= head).length;
  const isSame =
    applied === known.applied &&
    history.length === known.steps.length &&
    history.every(({ label }, index) => label === known.steps[index]?.label) &&
    savePoints.length === known.points.length &&
    savePoints.every(({ name }, index) => name === known.points[index]?.name) &&
    shown === describeSnapshot(present(known));
  if (!isSame) return null;
  return {
    ...known,
    steps: known.steps.map((step, index) => ({ ...step, seq: history[index]?.seq ?? 0 })),
    points: known.points.map((point, index) => ({ ...point, id: savePoints[index]?.id ?? 0 })),
  };
}
