import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDocumentFile, openDocument } from '../../../../main/documents/document.ts';
import { SCHEMA_VERSION } from '../../../../main/documents/schema.ts';
import type { Change } from '../../../../preload/contract/index.ts';
import { layerMask } from '../../../../renderer/engine/layers/layer-mask.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'impasto-masks-'));
  path = join(folder, 'fox.impasto');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** What the file holds, as something that can be compared. */
function contents(document: ReturnType<typeof openDocument>) {
  const { layers, depth, colourSpace, profile, width, height } = document.state();
  const planes = layers.map(({ id }) => [document.readLayer(id), document.readMask(id)]);
  return { layers, depth, colourSpace, profile, width, height, planes };
}

const maskTile = (value: number, bytes = 65536) => new Uint8Array(bytes).fill(value);

describe('a stored mask', () => {
  it('comes back after a restart, goes with its layer, and returns with undo', () => {
    createDocumentFile(path, 'fox', 600, 300);
    let document = openDocument(path);
    const layerId = document.state().layers.at(-1)!.id;
    const states = [contents(document)];
    const steps: Change[][] = [
      [
        { type: 'layer-props', layerId, props: { mask: layerMask(1) } },
        { type: 'mask-tiles', layerId, tiles: [{ x: 1, y: 0, data: maskTile(90) }] },
      ],
      [{ type: 'layer-props', layerId, props: { mask: { ...layerMask(0), density: 0.5, feather: 12.5 } } }],
      [{ type: 'layer-props', layerId, props: { mask: null } }],
      [{ type: 'layer-remove', layerId }],
    ];
    for (const step of steps) {
      document.commit('Step', step);
      states.push(contents(document));
    }
    document.close();
    document = openDocument(path);
    expect(states[1]!.planes.at(-1)![1]).toEqual([{ x: 1, y: 0, data: maskTile(90) }]);
    expect(states[3]!.planes.at(-1)![1]).toEqual([]);
    for (let head = steps.length; head >= 0; head--) {
      document.moveHead(head, false);
      expect(contents(document)).toEqual(states[head]);
    }
    for (let head = 1; head <= steps.length; head++) {
      document.moveHead(head, true);
      expect(contents(document)).toEqual(states[head]);
    }
    document.close();
  });

  it('is refused where a layer has none, and in the wrong depth', () => {
    createDocumentFile(path, 'fox', 300, 300);
    const document = openDocument(path);
    const layerId = document.state().layers[0]!.id;
    const tiles = [{ x: 0, y: 0, data: maskTile(1) }];
    expect(() => document.commit('Mask', [{ type: 'mask-tiles', layerId, tiles }])).toThrow(/has no mask/);
    const add: Change = { type: 'layer-props', layerId, props: { mask: layerMask(1) } };
    const deep = [{ x: 0, y: 0, data: maskTile(1, 131072) }];
    expect(() => document.commit('Mask', [add, { type: 'mask-tiles', layerId, tiles: deep }])).toThrow(
      /131072 bytes does not fit a document of 8 bits/,
    );
    expect(document.state().head).toBe(0);
    document.close();
  });
});

describe('a stored document’s depth', () => {
  it('is converted as one step, there and back, with undo to the same bytes', () => {
    createDocumentFile(path, 'fox', 300, 300, { background: [0, 0.5, 1] });
    const document = openDocument(path);
    const layerId = document.state().layers.at(-1)!.id;
    const noise = Uint8Array.from({ length: 262144 }, (_, i) => (i * 2654435761) >>> 24);
    document.commit('Paint', [{ type: 'tiles', layerId, tiles: [{ x: 0, y: 0, data: noise }] }]);
    const states = [contents(document)];
    const formats: Extract<Change, { type: 'format' }>['format'][] = [
      { depth: 16 },
      { profile: Uint8Array.from([1, 2, 3]), colourSpace: 'display-p3' },
      { depth: 8, profile: null },
    ];
    for (const format of formats) {
      document.commit('Format', [{ type: 'format', format }]);
      states.push(contents(document));
    }
    expect(states.map(({ depth }) => depth)).toEqual([8, 16, 16, 8]);
    expect(new Uint16Array(states[1]!.planes.at(-1)![0]![0]!.data.buffer)[5]).toBe(noise[5]! * 257);
    expect(states[3]!.planes).toEqual(states[0]!.planes);
    for (const head of [3, 2, 1, 2, 3, 4, 1]) {
      const { changes } = document.moveHead(head, true);
      expect(contents(document)).toEqual(states[head - 1]);
      for (const change of changes)
        if (change.type === 'tiles')
          for (const { data } of change.tiles) expect([262144, 524288]).toContain(data!.length);
    }
    document.close();
  });

  it('is 16 bits and Display P3 from the start when asked for', () => {
    createDocumentFile(path, 'fox', 300, 300, {
      depth: 16,
      colourSpace: 'display-p3',
      background: [1, 0, 0],
    });
    const document = openDocument(path);
    const { layers, depth, colourSpace } = document.state();
    expect([depth, colourSpace]).toEqual([16, 'display-p3']);
    const sheet = new Uint16Array(document.readLayer(layers[0]!.id)[0]!.data.buffer);
    expect([...sheet.subarray(0, 4)]).toEqual([65535, 0, 0, 65535]);
    document.close();
  });
});

describe('a document of layout 1', () => {
  /** Makes a file of today what it was before masks and depths. */
  function asLayout1(): void {
    createDocumentFile(path, 'old', 300, 300);
    const db = new Database(path);
    db.exec(
      "DROP TABLE mask_tile; DROP TABLE save_point; DROP TABLE save_point_blob; DELETE FROM meta WHERE key IN ('depth', 'colourSpace'); PRAGMA user_version = 1;",
    );
    for (const { id, record } of db.prepare('SELECT id, record FROM layer').all() as {
      id: string;
      record: string;
    }[]) {
      const { fillOpacity: _, mask: __, ...rest } = JSON.parse(record) as Record<string, unknown>;
      db.prepare('UPDATE layer SET record = ? WHERE id = ?').run(JSON.stringify(rest), id);
    }
    db.close();
  }

  it('opens, is brought to the new layout, and can be worked on', () => {
    asLayout1();
    const document = openDocument(path);
    const { layers, depth, colourSpace, readOnly } = document.state();
    expect({ depth, colourSpace, readOnly }).toEqual({ depth: 8, colourSpace: 'srgb', readOnly: null });
    expect(layers.map(({ mask, fillOpacity }) => [mask, fillOpacity])).toEqual([
      [null, 1],
      [null, 1],
    ]);
    document.commit('Mask', [{ type: 'layer-props', layerId: layers[1]!.id, props: { mask: layerMask(1) } }]);
    document.close();
    const db = new Database(path, { readonly: true });
    expect(db.pragma('user_version', { simple: true })).toBe(SCHEMA_VERSION);
    db.close();
  });

  it('can be looked at while an older program has it', () => {
    asLayout1();
    const other = new Database(join(folder, '.fox.impasto.lock'));
    other.exec('BEGIN EXCLUSIVE');
    const document = openDocument(path);
    expect(document.state().readOnly).toMatch(/open in another window/);
    expect(contents(document).planes.map(([pixels, mask]) => [pixels!.length, mask])).toEqual([
      [4, []],
      [0, []],
    ]);
    document.close();
    other.close();
  });
});
