import type { Change } from '../../../preload/contract/index.ts';
import type { StrokeRandom } from '../../../renderer/engine/brush/random.ts';
import { layerMask } from '../../../renderer/engine/layers/layer-mask.ts';
import { type LayerProps, layerRecord } from '../../../renderer/engine/layers/layer-record.ts';
import { colourFormat, maskFormat } from '../../../renderer/engine/tiles/tile.ts';
import type { connect } from '../../desktop/headless-process.ts';
import { hashOf, type Known, present, type Snapshot } from './known-document.ts';

type Ask = ReturnType<typeof connect>['ask'];

/** Something that a person does, and what is known of the document when it is done. */
export interface Act {
  /** The document afterwards; steps and save points that it makes have the number 0 until they are answered. */
  readonly after: Known;
  /** Does it; resolves with the document's id, which opening it anew changes. */
  run(ask: Ask, documentId: string, path: string): Promise<string>;
}

/** Draws what is done next to a document: painting more often than the rest. `name` is used once only. */
export function randomAct(random: StrokeRandom, known: Known, name: string): Act {
  const { steps, applied, points } = known;
  const now = present(known);
  const below = (count: number): number => Math.floor(random.next() * count);
  const one = <T>(from: readonly T[]): T | undefined => from[below(from.length)];

  const kind = one(KINDS);
  const point = one(points);
  if (kind === 'undo' && applied > 0) return walk(known, Math.max(0, applied - 1 - below(4)));
  if (kind === 'redo' && applied < steps.length)
    return walk(known, Math.min(steps.length, applied + 1 + below(4)));
  if (kind === 'walk' && steps.length > 0) return walk(known, below(steps.length + 1));
  if (kind === 'keep') return keep(known, name);
  if (kind === 'rename' && point) return rename(known, point, name);
  if (kind === 'forget' && point) return forget(known, point);
  if (kind === 'restore' && point) return restore(known, point, name);
  if (kind === 'reopen') return reopen(known);
  const layers = [...now.records.values()];
  const own = layers.filter(({ id }) => id.startsWith('own '));
  const masked = layers.filter(({ mask }) => mask !== null);
  const paint = layers.filter((layer) => layer.kind === 'paint');
  const layer = one(layers);
  const removable = one(own);
  const mask = one(masked);
  switch (kind) {
    case 'add': {
      const index = below((now.children.get('')?.length ?? 0) + 1);
      const record = layerRecord({ id: `own ${name}`, name });
      return commit(known, name, [{ type: 'layer-add', layer: record, parent: null, index }]);
    }
    case 'remove':
      if (removable) return commit(known, name, [{ type: 'layer-remove', layerId: removable.id }]);
      break;
    case 'move':
      if (removable) {
        const index = below(now.children.get('')?.length ?? 1);
        return commit(known, name, [{ type: 'layer-move', layerId: removable.id, parent: null, index }]);
      }
      break;
    case 'props':
      if (layer)
        return commit(known, name, [props(layer.id, { opacity: random.next(), visible: below(2) === 0 })]);
      break;
    case 'add-mask':
      if (layer?.mask === null)
        return commit(known, name, [
          props(layer.id, { mask: layerMask(1) }),
          maskTile(random, layer.id, now),
        ]);
      break;
    case 'remove-mask':
      if (mask) return commit(known, name, [props(mask.id, { mask: null })]);
      break;
    case 'paint-mask':
      if (mask) return commit(known, name, [maskTile(random, mask.id, now)]);
      break;
    case 'select':
      return commit(known, name, [
        { type: 'note', key: 'selection', bytes: below(4) === 0 ? null : content(random, 3000) },
      ]);
    case 'paint':
    case 'undo':
    case 'redo':
    case 'walk':
    case 'rename':
    case 'forget':
    case 'restore':
    case undefined:
      // Painting, and what cannot be done just now.
      break;
  }
  const target = one(paint)?.id;
  if (target === undefined) return keep(known, name);
  const stroke = Array.from({ length: 1 + below(3) }, () => paintTile(random, target, now));
  return commit(known, name, stroke, below(6) === 0);
}

const KINDS = [
  ...Array<'paint'>(14).fill('paint'),
  ...([
    'undo',
    'undo',
    'undo',
    'redo',
    'redo',
    'walk',
    'keep',
    'keep',
    'rename',
    'forget',
    'restore',
  ] as const),
  ...(['reopen', 'add', 'add', 'remove', 'move', 'props', 'props'] as const),
  ...(['add-mask', 'add-mask', 'remove-mask', 'paint-mask', 'paint-mask', 'select', 'select'] as const),
];

function walk(known: Known, applied: number): Act {
  const after = { ...known, applied };
  return {
    after,
    async run(ask, documentId) {
      const head = after.steps[applied - 1]?.seq ?? 0;
      await ask('documents.move-head', { documentId, head, withChanges: applied % 2 === 0 });
      return documentId;
    },
  };
}

function keep(known: Known, name: string): Act {
  return {
    after: { ...known, points: [...known.points, { name, id: 0, kept: present(known) }] },
    async run(ask, documentId) {
      await ask('documents.add-save-point', { documentId, name });
      return documentId;
    },
  };
}

type Point = Known['points'][number];

function rename(known: Known, { id }: Point, name: string): Act {
  return {
    after: { ...known, points: known.points.map((point) => (point.id === id ? { ...point, name } : point)) },
    async run(ask, documentId) {
      await ask('documents.rename-save-point', { documentId, savePointId: id, name });
      return documentId;
    },
  };
}

function forget(known: Known, { id }: Point): Act {
  return {
    after: { ...known, points: known.points.filter((point) => point.id !== id) },
    async run(ask, documentId) {
      await ask('documents.remove-save-point', { documentId, savePointId: id });
      return documentId;
    },
  };
}

function restore(known: Known, { id, kept }: Point, label: string): Act {
  // The selection is no part of a save point.
  const after = stepped(known, label, { ...kept, notes: present(known).notes });
  return {
    after,
    async run(ask, documentId) {
      const { changes, parts } = await ask('documents.read-save-point', {
        documentId,
        savePointId: id,
        part: 0,
      });
      if (parts > 1) throw new Error('This test restores small documents only.');
      await ask('documents.commit', { documentId, label, changes });
      return documentId;
    },
  };
}

function reopen(known: Known): Act {
  return {
    after: known,
    async run(ask, documentId, path) {
      await ask('documents.close', { documentId });
      return (await ask('documents.open', { path })).id;
    },
  };
}

function commit(known: Known, label: string, changes: readonly Change[], inParts = false): Act {
  return {
    after: stepped(known, label, changes.reduce(applied, present(known))),
    async run(ask, documentId) {
      const staged = inParts ? changes.slice(0, -1) : [];
      for (const [part, change] of staged.entries())
        await ask('documents.stage-part', { documentId, part, changes: [change] });
      const rest = changes.slice(staged.length);
      await ask('documents.commit', { documentId, label, changes: [...rest], parts: staged.length });
      return documentId;
    },
  };
}

/** A step behind the last applied one: what could be redone is gone. */
function stepped(known: Known, label: string, after: Snapshot): Known {
  const steps = [...known.steps.slice(0, known.applied), { label, seq: 0, after }];
  return { ...known, steps, applied: steps.length };
}

const props = (layerId: string, changed: LayerProps): Change => ({
  type: 'layer-props',
  layerId,
  props: changed,
});

/** Bytes of one value, or noise, which is written for longer. */
function content(random: StrokeRandom, length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  const isNoise = random.next() < 0.3;
  const value = Math.floor(random.next() * 256);
  for (let i = 0; i < length; i++) bytes[i] = isNoise ? Math.floor(random.next() * 256) : value;
  return bytes;
}

const place = (random: StrokeRandom, { width, height }: Snapshot): { x: number; y: number } => ({
  x: Math.floor((random.next() * width) / 256),
  y: Math.floor((random.next() * height) / 256),
});

function paintTile(random: StrokeRandom, layerId: string, now: Snapshot): Change {
  const data = random.next() < 0.15 ? null : content(random, colourFormat(now.depth).tileBytes);
  return { type: 'tiles', layerId, tiles: [{ ...place(random, now), data }] };
}

function maskTile(random: StrokeRandom, layerId: string, now: Snapshot): Change {
  const data = content(random, maskFormat(now.depth).tileBytes);
  return { type: 'mask-tiles', layerId, tiles: [{ ...place(random, now), data }] };
}

/** A change of the kinds above, done to a snapshot. */
function applied(now: Snapshot, change: Change): Snapshot {
  const records = new Map(now.records);
  const children = new Map(now.children);
  const tiles = new Map(now.tiles);
  const notes = new Map(now.notes);
  const top = children.get('') ?? [];
  const dropTiles = (start: string): void => {
    for (const key of now.tiles.keys()) if (key.startsWith(start)) tiles.delete(key);
  };
  switch (change.type) {
    case 'layer-add':
      records.set(change.layer.id, change.layer);
      children.set('', top.toSpliced(change.index, 0, change.layer.id));
      break;
    case 'layer-remove':
      records.delete(change.layerId);
      children.set(
        '',
        top.filter((id) => id !== change.layerId),
      );
      dropTiles(`${change.layerId} `);
      break;
    case 'layer-move':
      children.set('', top.filter((id) => id !== change.layerId).toSpliced(change.index, 0, change.layerId));
      break;
    case 'layer-props': {
      const record = records.get(change.layerId);
      if (record) records.set(change.layerId, { ...record, ...change.props } as typeof record);
      if (change.props.mask === null) dropTiles(`${change.layerId} mask `);
      break;
    }
    case 'tiles':
    case 'mask-tiles':
      for (const { x, y, data } of change.tiles) {
        const key = `${change.layerId} ${change.type === 'tiles' ? 'pixels' : 'mask'} ${x},${y}`;
        if (data) tiles.set(key, hashOf(data));
        else tiles.delete(key);
      }
      break;
    case 'note':
      if (change.bytes) notes.set(change.key, hashOf(change.bytes));
      else notes.delete(change.key);
      break;
    case 'canvas':
    case 'format':
      throw new Error(`No act makes a change of ${change.type}.`);
  }
  return { ...now, records, children, tiles, notes };
}
