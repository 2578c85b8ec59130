import { z } from 'zod';
import { layerRecordSchema, type SavePoint, StudioError } from '../../preload/contract/index.ts';
import type { DocumentTables } from './apply-change.ts';
import { readCanvas, readFormat } from './meta.ts';
import { readNote } from './notes.ts';
import { type StoredChange, storedTiles } from './stored-change.ts';
import { type Plane, tilesOf } from './tile-rows.ts';

const integer = z.number().int();
const placesSchema = z.record(z.string(), z.array(z.tuple([integer, integer, integer])));
const stateSchema = z.object({
  width: integer.positive(),
  height: integer.positive(),
  /** A parent before its children, siblings bottom to top. */
  layers: z.array(layerRecordSchema),
  /** By layer: column, row, blob. */
  tiles: placesSchema,
  /** The same of masks; none in save points of layout 2. */
  masks: placesSchema.default({}),
  depth: z.literal([8, 16]).default(8),
  colourSpace: z.enum(['srgb', 'display-p3']).default('srgb'),
  /** Base64. */
  profile: z.string().nullable().default(null),
  /** Guides, grid and drawing rulers in base64; absent in save points of layout 3, which leave them alone. */
  aids: z.string().nullable().optional(),
});
type State = z.infer<typeof stateSchema>;

/** Named states of a document. Pixels are shared with layers and history, so one costs little more than its list. */
export interface SavePoints {
  all(): SavePoint[];
  /** Keeps the present state. */
  add(name: string, head: number): SavePoint;
  rename(id: number, name: string): SavePoint;
  remove(id: number): void;
  /** What leads from the present state to that one; `aids` is the note that differs, undefined where it is the same. */
  changesTo(id: number): { name: string; changes: StoredChange[]; aids: Uint8Array | null | undefined };
}

/** Opens the save points of a document's database. */
export function openSavePoints(tables: DocumentTables): SavePoints {
  const { db, layers } = tables;
  const columns = 'SELECT id, name, time, seq FROM save_point';

  const get = (id: number): SavePoint => {
    const found = db.prepare<[number], SavePoint>(`${columns} WHERE id = ?`).get(id);
    if (found) return found;
    throw new StudioError(
      'document/save-point-unknown',
      'This save point is not in the document any more. Nothing was changed.',
      'Choose one that the history lists.',
    );
  };

  const present = (): State => {
    const records = layers.all();
    const places = (plane: Plane): State['tiles'] =>
      Object.fromEntries(
        records.map(({ id }) => [
          id,
          tilesOf(db, id, plane).map(({ x, y, blob }): [number, number, number] => [x, y, blob]),
        ]),
      );
    const { depth, colourSpace, profile } = readFormat(db);
    const aids = readNote(db, 'aids');
    return {
      ...readCanvas(db),
      layers: records,
      tiles: places('pixels'),
      masks: places('mask'),
      depth,
      colourSpace,
      profile: profile && Buffer.from(profile).toString('base64'),
      aids: aids && Buffer.from(aids).toString('base64'),
    };
  };

  const add = db.transaction((name: string, head: number): SavePoint => {
    const state = present();
    const { lastInsertRowid } = db
      .prepare('INSERT INTO save_point (name, time, seq, state) VALUES (?, ?, ?, ?)')
      .run(name, Date.now(), head, JSON.stringify(state));
    const id = Number(lastInsertRowid);
    const places = [...Object.values(state.tiles), ...Object.values(state.masks)];
    const blobs = new Set(places.flatMap((tiles) => tiles.map(([, , blob]) => blob)));
    const link = db.prepare('INSERT INTO save_point_blob (save_point, blob) VALUES (?, ?)');
    for (const blob of blobs) link.run(id, blob);
    return get(id);
  });

  const remove = db.transaction((id: number): void => {
    get(id);
    db.prepare('DELETE FROM save_point WHERE id = ?').run(id);
    db.prepare('DELETE FROM save_point_blob WHERE save_point = ?').run(id);
  });

  return {
    all() {
      // An older layout that is only looked at has no table of them.
      const table = db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'save_point'").get();
      return table ? db.prepare<[], SavePoint>(`${columns} ORDER BY id`).all() : [];
    },
    add: (name, head) => add.immediate(name, head),
    rename(id, name) {
      get(id);
      db.prepare('UPDATE save_point SET name = ? WHERE id = ?').run(name, id);
      return get(id);
    },
    remove: (id) => remove.immediate(id),
    changesTo(id) {
      const { name } = get(id);
      const row = db
        .prepare<[number], { state: string }>('SELECT state FROM save_point WHERE id = ?')
        .get(id);
      const from = present();
      const to = parseState(name, row?.state ?? '');
      const same = to.aids === undefined || to.aids === from.aids;
      const given = to.aids ? new Uint8Array(Buffer.from(to.aids, 'base64')) : null;
      const aids = same ? undefined : given;
      return { name, changes: changesBetween(from, to), aids };
    },
  };
}

function changesBetween(from: State, to: State): StoredChange[] {
  const canvas: StoredChange[] =
    from.width === to.width && from.height === to.height
      ? []
      : [{ type: 'canvas', width: to.width, height: to.height }];
  const { depth, colourSpace, profile } = to;
  const same = from.depth === depth && from.colourSpace === colourSpace && from.profile === profile;
  const format: StoredChange[] = same
    ? []
    : [
        {
          type: 'format',
          format: {
            depth,
            colourSpace,
            profile: profile === null ? null : new Uint8Array(Buffer.from(profile, 'base64')),
          },
        },
      ];
  const order = (state: State): string => JSON.stringify(state.layers.map(({ id, parent }) => [id, parent]));
  return [...canvas, ...format, ...(order(from) === order(to) ? inPlace(from, to) : anew(from, to))];
}

/** The same layers in the same places: only what differs in each. */
function inPlace(from: State, to: State): StoredChange[] {
  const before = new Map(from.layers.map((layer) => [layer.id, layer]));
  return to.layers.flatMap((layer): StoredChange[] => {
    const was = before.get(layer.id);
    if (was?.kind !== layer.kind) return anewLayer(layer.id, to);
    const { id: _id, kind: _kind, parent: _parent, ...props } = { ...was, ...layer };
    // What the layer has not had yet goes: text, words, a guide.
    const changed = Object.keys(props)
      .map((key): [string, unknown] => [key, Reflect.get(layer, key) ?? null])
      .filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(Reflect.get(was, key) ?? null));
    return [
      ...(changed.length > 0
        ? [{ type: 'layer-props' as const, layerId: layer.id, props: Object.fromEntries(changed) }]
        : []),
      ...pixels(layer.id, from, to),
    ];
  });
}

/** What differs in a layer's pixels and in its mask's; `from` is null for a layer that holds nothing yet. */
function pixels(layerId: string, from: State | null, to: State): StoredChange[] {
  const hadMask = from?.layers.some(({ id, mask }) => id === layerId && mask !== null) === true;
  const hasMask = to.layers.some(({ id, mask }) => id === layerId && mask !== null);
  const own = differingTiles(from?.tiles[layerId] ?? [], to.tiles[layerId] ?? []);
  // A mask that goes takes its tiles with it.
  const masks = hasMask
    ? differingTiles((hadMask ? from.masks[layerId] : undefined) ?? [], to.masks[layerId] ?? [])
    : [];
  return [
    ...(own.length > 0 ? [storedTiles('pixels', layerId, own)] : []),
    ...(masks.length > 0 ? [storedTiles('mask', layerId, masks)] : []),
  ];
}

/** A layer that became another kind is taken out and put in again where it stood. */
function anewLayer(layerId: string, to: State): StoredChange[] {
  const layer = to.layers.find(({ id }) => id === layerId);
  if (!layer) return [];
  const index = to.layers.filter(({ parent }) => parent === layer.parent).indexOf(layer);
  return [
    { type: 'layer-remove', layerId },
    { type: 'layer-add', layer, parent: layer.parent, index },
    ...pixels(layerId, null, to),
  ];
}

function anew(from: State, to: State): StoredChange[] {
  const removed = from.layers
    .filter(({ parent }) => parent === null)
    .map(({ id }): StoredChange => ({ type: 'layer-remove', layerId: id }));
  const counts = new Map<string | null, number>();
  const added = to.layers.flatMap((layer): StoredChange[] => {
    const index = counts.get(layer.parent) ?? 0;
    counts.set(layer.parent, index + 1);
    return [{ type: 'layer-add', layer, parent: layer.parent, index }, ...pixels(layer.id, null, to)];
  });
  return [...removed, ...added];
}

type PlacedBlob = readonly [x: number, y: number, blob: number];

function differingTiles(
  from: readonly PlacedBlob[],
  to: readonly PlacedBlob[],
): { x: number; y: number; blob: number | null }[] {
  const key = (x: number, y: number): string => `${x},${y}`;
  const before = new Map(from.map(([x, y, blob]) => [key(x, y), blob]));
  const after = new Set(to.map(([x, y]) => key(x, y)));
  return [
    ...to.filter(([x, y, blob]) => before.get(key(x, y)) !== blob).map(([x, y, blob]) => ({ x, y, blob })),
    ...from.filter(([x, y]) => !after.has(key(x, y))).map(([x, y]) => ({ x, y, blob: null })),
  ];
}

function parseState(name: string, text: string): State {
  try {
    return stateSchema.parse(JSON.parse(text));
  } catch {
    throw new StudioError(
      'document/save-point-damaged',
      `The save point "${name}" cannot be read; the picture is as it was.`,
      'Choose another save point, or check the disk.',
    );
  }
}
