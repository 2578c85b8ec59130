import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { initializeCanvas, type Layer, readPsd as readElsewhere, writePsdUint8Array } from 'ag-psd';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  createDocumentFile,
  openDocument,
  type StoredDocument,
} from '../../../../../main/documents/document.ts';
import { exportDocument } from '../../../../../main/documents/exchange/export-document.ts';
import { flattenStored } from '../../../../../main/documents/exchange/flatten-stored.ts';
import { SILENT } from '../../../../../main/documents/exchange/progress.ts';
import type { FlatPicture } from '../../../../../main/documents/exchange/raster.ts';
import { readPicture } from '../../../../../main/documents/exchange/read-picture-file.ts';
import type { Change } from '../../../../../renderer/engine/changes.ts';
import type { FileLayer } from '../../../../../renderer/engine/formats/picture-file.ts';
import { layerRecord } from '../../../../../renderer/engine/layers/layer-record.ts';
import { imageMagick } from './image-magick.ts';
import { flattenBytes, inFolder, numbers } from './support.ts';

/** ImageMagick, if it is there: it reads PSD and PSB with code of its own. */
const magick = imageMagick();

const NAMES = ['Ebene äöü', 'レイヤー', '图层', 'طبقة', 'שכבה', 'Слой', 'परत', '🎨 paint', 'ชั้น'] as const;
const DEPTH = 8;

beforeAll(() => {
  initializeCanvas(
    () => {
      throw new Error('no canvas here');
    },
    (width, height) => ({ width, height, data: new Uint8ClampedArray(width * height * 4) }) as ImageData,
  );
});

/** Groups eight deep with a layer in each, a layer clipped to a group, a group clipped to a layer, names in nine scripts. */
function content(depth: 8 | 16): Change[] {
  const random = numbers(depth);
  const data = (): Uint8Array =>
    Uint8Array.from({ length: (262_144 * depth) / 8 }, (_, i) => ((i >> 9) % 3 === 0 ? 0 : random(256)));
  const changes: Change[] = [];
  const add = (given: Parameters<typeof layerRecord>[0], index: number): void => {
    const layer = layerRecord(given);
    changes.push({ type: 'layer-add', layer, parent: layer.parent, index });
    if (layer.kind !== 'group')
      changes.push({ type: 'tiles', layerId: layer.id, tiles: [{ x: 0, y: 0, data: data() }] });
  };
  let parent: string | null = null;
  for (let level = 0; level < DEPTH; level++) {
    const id = `group-${level}`;
    add(
      { id, parent, kind: 'group', name: `${NAMES[level]} ${level}`, opacity: 230 / 255 },
      parent === null ? 1 : 0,
    );
    add({ id: `paint-${level}`, parent: id, name: NAMES[level] ?? '', opacity: 0.8 }, 0);
    parent = id;
  }
  add({ id: 'clipped-layer', name: NAMES[8], clipped: true, blend: 'multiply' }, 2);
  add({ id: 'base', name: 'base' }, 3);
  add({ id: 'clipped-group', kind: 'group', name: 'clipped group', clipped: true }, 4);
  add({ id: 'in-clipped', parent: 'clipped-group', name: 'in it', blend: 'screen' }, 0);
  return changes;
}

async function withContent<T>(
  depth: 8 | 16,
  run: (document: StoredDocument, folder: string) => Promise<T>,
): Promise<T> {
  return inFolder(async (folder) => {
    const path = join(folder, 'rich.impasto');
    createDocumentFile(path, 'rich', 120, 90, { depth });
    const document = openDocument(path);
    try {
      document.commit('Content', content(depth));
      return await run(document, folder);
    } finally {
      document.close();
    }
  });
}

interface Node {
  readonly name: string;
  readonly clipped: boolean;
  readonly group: boolean;
  readonly children: readonly Node[];
}

const theirTree = (layers: readonly Layer[] = []): Node[] =>
  layers.map(({ name = '', clipping = false, children }) => ({
    name,
    clipped: clipping,
    group: children !== undefined,
    children: theirTree(children),
  }));

const ourTree = (layers: readonly FileLayer[]): Node[] =>
  layers.map(({ record, children }) => ({
    name: record.name,
    clipped: record.clipped,
    group: record.kind === 'group',
    children: ourTree(children),
  }));

const packings = (layers: readonly Layer[] = []): Set<number> =>
  new Set(
    layers.flatMap(({ rawData, children }) => [
      ...(rawData?.channels.map(({ compression }) => compression) ?? []),
      ...packings(children),
    ]),
  );

const depthOf = (nodes: readonly Node[]): number =>
  nodes.length === 0 ? 0 : 1 + Math.max(...nodes.map(({ children }) => depthOf(children)));

describe.each([
  { kind: 'psd', depth: 8 },
  { kind: 'psb', depth: 8 },
  { kind: 'psd', depth: 16 },
  { kind: 'psb', depth: 16 },
] as const)('a $kind of $depth bits', ({ kind, depth }) => {
  it('has groups eight deep, clipped layers and groups, and names in any script, here and for ag-psd', async () => {
    await withContent(depth, async (document) => {
      const bytes = await exportDocument(document, { kind }, SILENT);
      const ours = ourTree((await readPicture(bytes, `a.${kind}`)).layers);
      expect(depthOf(ours)).toBe(DEPTH + 1);
      expect(ours.filter(({ clipped }) => clipped).map(({ group }) => group)).toEqual([false, true]);
      const theirs = readElsewhere(bytes, { useRawData: true });
      expect(theirTree(theirs.children)).toEqual(ours);
      // None has prediction (3), which Krita 5.1 reads wrongly.
      expect([...packings(theirs.children)].toSorted((a, b) => a - b)).toEqual([0, depth === 8 ? 1 : 2]);
      // As bytes: where they differ, thousands of numbers would be printed.
      const bytesOf = ({ data }: FlatPicture): Buffer =>
        Buffer.from(data.buffer, data.byteOffset, data.byteLength);
      const back = bytesOf(await flattenBytes(bytes, `a.${kind}`));
      expect(back.equals(bytesOf(await flattenStored(document, SILENT)))).toBe(true);
    });
  });

  it.skipIf(!magick)(
    'shows ImageMagick the very picture that is seen here (skipped without ImageMagick)',
    async () => {
      await withContent(depth, async (document, folder) => {
        const path = join(folder, `a.${kind}`);
        writeFileSync(path, await exportDocument(document, { kind }, SILENT));
        const out = join(folder, 'out.rgb');
        execFileSync(magick ?? '', [`${path}[0]`, '-depth', String(depth), '-endian', 'LSB', `rgb:${out}`]);
        const found = readFileSync(out);
        const values = depth === 8 ? found : new Uint16Array(Uint8Array.from(found).buffer);
        const { data } = await flattenStored(document, SILENT);
        let worst = 0;
        for (let i = 0, at = 0; i < data.length; i += 4)
          for (let k = 0; k < 3; k++) worst = Math.max(worst, Math.abs(data[i + k]! - values[at++]!));
        expect(values.length).toBe((data.length / 4) * 3);
        expect(worst).toBe(0);
      });
    },
  );
});

describe('a PSD with layers of no size', () => {
  it('is read: empty layers, an empty group, a vector mask and a user mask over nothing', async () => {
    const square = (edge: number): NonNullable<Layer['imageData']> => ({
      width: edge,
      height: edge,
      data: new Uint8ClampedArray(edge * edge * 4).fill(200),
    });
    const bytes = writePsdUint8Array({
      width: 40,
      height: 30,
      children: [
        { name: 'nothing', left: 7, top: 9, right: 7, bottom: 9 },
        { name: 'empty group', children: [] },
        { name: 'flat', left: 3, top: 5, right: 20, bottom: 5 },
        {
          name: 'mask over nothing',
          mask: { left: 0, top: 0, right: 0, bottom: 0, defaultColor: 255 },
        },
        { name: 'real', left: 2, top: 2, imageData: square(6) },
        { name: 'clipped to it', clipping: true, left: 0, top: 0, right: 0, bottom: 0 },
      ],
    });
    const picture = await readPicture(bytes, 'empty.psd');
    expect(picture.layers.map(({ record }) => record.name)).toEqual([
      'nothing',
      'empty group',
      'flat',
      'mask over nothing',
      'real',
      'clipped to it',
    ]);
    const flat = await flattenBytes(bytes, 'empty.psd');
    const at = (x: number, y: number): number => flat.data[(y * 40 + x) * 4 + 3]!;
    expect([at(1, 1), at(2, 2), at(7, 7), at(8, 8)]).toEqual([0, 200, 200, 0]);
  });
});

describe('a PSD beyond what a canvas can be', () => {
  it.each([
    [16_385, 10],
    [10, 30_001],
    [300_000, 300_000],
    [0, 10],
  ])('of %i × %i px is refused in one sentence with its size', async (width, height) => {
    const bytes = writePsdUint8Array({ width: 8, height: 8 });
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    view.setUint32(14, height);
    view.setUint32(18, width);
    await expect(readPicture(bytes, 'large.psd')).rejects.toThrow(`${width} × ${height}`);
  });
});
