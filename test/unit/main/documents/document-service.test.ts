import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDocumentService, type DocumentService } from '../../../../main/documents/document-service.ts';
import { decodePicture } from '../../../../main/documents/png.ts';
import { readRecipes } from '../../../../main/documents/png-recipe.ts';
import { exampleRecipe as recipe } from '../../../fixtures/recipe.ts';
import { TILE_BYTES } from '../../../../preload/contract/index.ts';

let folder: string;
let service: DocumentService;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'impasto-documents-'));
  service = createDocumentService({ folder, anywhere: false });
});
afterEach(() => {
  service.dispose();
  rmSync(folder, { recursive: true, force: true });
});

const create = (name = 'fox'): ReturnType<DocumentService['create']> =>
  service.create({ name, width: 300, height: 200 });

/** A tile of one colour. */
function flat(...rgba: [number, number, number, number]): Uint8Array<ArrayBuffer> {
  const data = new Uint8Array(TILE_BYTES);
  for (let at = 0; at < TILE_BYTES; at += 4) data.set(rgba, at);
  return data;
}

describe('the document service', () => {
  it('never writes over a document and names the next one after it', () => {
    expect([create(), create(), create()].map(({ name }) => name)).toEqual(['fox', 'fox 2', 'fox 3']);
    expect(
      service
        .list()
        .map(({ name, id }) => `${name} ${id !== null}`)
        .sort(),
    ).toEqual(['fox 2 true', 'fox 3 true', 'fox true']);
  });

  it.each([
    ['a/b:c*?', 'a-b-c--'],
    ['../escape', '-escape'],
    ['...', 'Untitled'],
    ['絵 🦊', '絵 🦊'],
  ])('makes a file name of %j that every system allows', (name, expected) => {
    create(name);
    expect(readdirSync(folder)).toContain(`${expected}.impasto`);
  });

  it('flattens what was painted, by the compositing formula, and hashes the same pixels', async () => {
    const { id, layers } = create();
    const layerId = layers[1]!.id;
    service.commit({
      documentId: id,
      label: 'paint',
      changes: [
        { type: 'tiles', layerId, tiles: [{ x: 0, y: 0, data: flat(255, 0, 0, 128) }] },
        { type: 'layer-props', layerId, props: { opacity: 0.5 } },
      ],
    });
    const { png, fileName } = await service.exportPng({ documentId: id });
    const picture = await decodePicture(png);
    expect(fileName).toBe('fox.png');
    // Source over white: 255 · (1 − a) with a = 128/255 · 0.5.
    const other = Math.round(255 * (1 - (128 / 255) * 0.5));
    expect([...picture.rgba.subarray(0, 4)]).toEqual([255, other, other, 255]);
    expect([...picture.rgba.subarray(260 * 4, 260 * 4 + 4)]).toEqual([255, 255, 255, 255]);
    expect(service.pixelHash({ documentId: id }).sha256).toBe(
      createHash('sha256').update(picture.rgba).digest('hex'),
    );
  });

  it('puts the recipes of visible generated layers into what it exports', async () => {
    const { id } = create();
    const base = { kind: 'generated' as const, opacity: 1, blend: 'normal' as const, locked: false };
    const flags = { alphaLocked: false, clipped: false, parent: null, fillOpacity: 1, mask: null };
    const shown = { ...base, ...flags, id: 'g1', name: 'Fox', visible: true, recipe };
    const hidden = { ...base, ...flags, id: 'g2', name: 'Hidden', visible: false, recipe };
    const changes = [shown, hidden].map((layer) => ({
      type: 'layer-add' as const,
      layer,
      parent: null,
      index: 2,
    }));
    service.commit({ documentId: id, label: 'accept', changes });
    const { png } = await service.exportPng({ documentId: id });
    expect(readRecipes(png)).toEqual([{ layer: 'Fox', recipe }]);
  });

  it('goes on in the copy after saving under another name, history and all', () => {
    const first = create();
    service.commit({
      documentId: first.id,
      label: 'size',
      changes: [{ type: 'canvas', width: 64, height: 64 }],
    });
    const copy = service.saveAs({ documentId: first.id, path: 'copy' });
    expect(copy).toMatchObject({
      name: 'copy',
      width: 64,
      readOnly: null,
      path: join(folder, 'copy.impasto'),
    });
    expect(copy.history.map(({ label }) => label)).toEqual(['size']);
    expect(() => service.readLayer({ documentId: first.id, layerId: 'x' })).toThrow(/not open/);
    expect(() => service.saveAs({ documentId: copy.id, path: 'fox.impasto' })).toThrow(/exists already/);
    expect(service.moveHead({ documentId: copy.id, head: 0, withChanges: true }).changes).toEqual([
      { type: 'canvas', width: 300, height: 200 },
    ]);
  });

  it('leaves a document open that somebody else goes on in, when a copy is made of it', () => {
    const first = create();
    service.saveAs({ documentId: first.id, path: 'copy for two', leaveOpen: true });
    const changes = [{ type: 'canvas' as const, width: 64, height: 64 }];
    expect(service.commit({ documentId: first.id, label: 'size', changes }).step.label).toBe('size');
  });

  it('stays inside its folder in the headless host', () => {
    const { id } = create();
    for (const path of ['../out.impasto', '/tmp/out.impasto', 'a/../../out']) {
      expect(() => service.open({ path })).toThrow(/in the browser/i);
      expect(() => service.saveAs({ documentId: id, path })).toThrow(/in the browser/i);
    }
  });

  it('opens an open document once', () => {
    const { id, path } = create();
    expect(service.open({ path }).id).toBe(id);
  });

  it('leaves files that are no documents out of the list', () => {
    create();
    writeFileSync(join(folder, 'broken.impasto'), 'nothing');
    writeFileSync(join(folder, 'notes.txt'), 'nothing');
    expect(service.list().map(({ name }) => name)).toEqual(['fox']);
  });
});
