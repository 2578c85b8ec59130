import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { initializeCanvas, writePsdUint8Array } from 'ag-psd';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDocumentFile, openDocument } from '../../../main/documents/document.ts';
import { exportDocument } from '../../../main/documents/exchange/export-document.ts';
import { flattenStored } from '../../../main/documents/exchange/flatten-stored.ts';
import { SILENT } from '../../../main/documents/exchange/progress.ts';
import { readPicture, toStudioError } from '../../../main/documents/exchange/read-picture-file.ts';
import { storePicture } from '../../../main/documents/exchange/store-picture.ts';
import { StudioError } from '../../../preload/contract/index.ts';
import { GIMP_FILES, type GimpFile, gimpFile } from '../../fixtures/foreign/gimp-files.ts';
import { changedKritaFile, KRITA_FILES, kritaFile } from '../../fixtures/foreign/krita-files.ts';
import { spent } from '../../fixtures/spent.ts';
import { numbers } from '../../unit/main/documents/exchange/support.ts';

/** Files tried in all; `IMPASTO_MUTATIONS=10000` is the whole of it. */
const COUNT = Number(process.env['IMPASTO_MUTATIONS'] ?? 420);
/** A folder of files that other programs wrote, which are damaged too; none when left out. */
const SEEDS = process.env['IMPASTO_SEEDS'];
/** Most processor time that one file may take, in milliseconds. */
const PATIENCE = 2000;
/** What the process may grow by, whatever the files claim. */
const GROWTH = 768 * 2 ** 20;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'impasto-mutated-'));
  initializeCanvas(
    () => {
      throw new Error('no canvas here');
    },
    (width, height) => ({ width, height, data: new Uint8ClampedArray(width * height * 4) }) as ImageData,
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Numbers that lengths and sizes are most often wrong by. */
const EXTREMES = [0, 1, 0x7f, 0x80, 0xff, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff, 0x0001_0000];

/** A damaged copy: bytes changed, fields set to extremes, parts cut out, doubled or cut off. */
function mutate(seed: Uint8Array, random: (limit: number) => number): Uint8Array {
  let bytes = Uint8Array.from(seed);
  for (let round = 1 + random(4); round > 0; round--) {
    const at = random(bytes.length);
    // Half of the time near the beginning, where sizes and lengths stand.
    const place = random(2) === 0 ? random(Math.min(bytes.length, 400)) : at;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    switch (random(6)) {
      case 0:
        bytes[place] = random(256);
        break;
      case 1:
        if (place + 4 <= bytes.length) view.setUint32(place, EXTREMES[random(EXTREMES.length)] as number);
        break;
      case 2:
        if (place + 4 <= bytes.length)
          view.setUint32(place, EXTREMES[random(EXTREMES.length)] as number, true);
        break;
      case 3:
        bytes = bytes.slice(0, Math.max(1, at));
        break;
      case 4: {
        const length = 1 + random(64);
        bytes = joined(bytes.subarray(0, at), bytes.subarray(Math.min(bytes.length, at + length)));
        break;
      }
      default: {
        const part = bytes.slice(at, at + 1 + random(64));
        bytes = joined(bytes.subarray(0, at), part, bytes.subarray(at));
      }
    }
    if (bytes.length === 0) bytes = Uint8Array.of(0);
  }
  return bytes;
}

function joined(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.concat(parts));
}

/** What is tried with each file: it ends with a document or with an error for a person. */
interface Kind {
  readonly name: string;
  readonly seeds: () => Promise<readonly Uint8Array[]>;
  readonly run: (bytes: Uint8Array, number: number) => Promise<void>;
}

async function importAll(bytes: Uint8Array, number: number): Promise<void> {
  const path = join(folder, `${number}.impasto`);
  try {
    await storePicture(await readPicture(bytes, 'mutated.psd'), path, 'mutated', SILENT);
    const document = openDocument(path);
    document.state();
    document.close();
  } catch (error) {
    throw toStudioError(error, 'mutated.psd');
  } finally {
    rmSync(path, { force: true });
  }
}

const solid = (
  width: number,
  height: number,
): { width: number; height: number; data: Uint8ClampedArray } => ({
  width,
  height,
  data: Uint8ClampedArray.from({ length: width * height * 4 }, (_, i) => (i * 7) & 255),
});

async function psdSeeds(): Promise<Uint8Array[]> {
  const rich = {
    width: 60,
    height: 40,
    children: [
      { name: 'a', imageData: solid(60, 40) },
      {
        name: 'g',
        children: [
          {
            name: 'm',
            left: 4,
            top: 3,
            imageData: solid(9, 9),
            mask: { left: 1, top: 1, right: 6, bottom: 6, imageData: solid(5, 5), userMaskFeather: 2 },
          },
          { name: 'c', adjustment: { type: 'curves', rgb: [0, 255].map((v) => ({ input: v, output: v })) } },
          { name: 'f', vectorFill: { type: 'color', color: { r: 1, g: 2, b: 3 } } },
        ],
      },
    ],
  } as const;
  const plain = writePsdUint8Array(structuredClone(rich) as never);
  const zipped = writePsdUint8Array(structuredClone(rich) as never, { compress: true });
  const large = writePsdUint8Array(structuredClone(rich) as never, { psb: true });
  const deep = await withSeedDocument((document) => exportDocument(document, { kind: 'psd' }, SILENT), 16);
  return [plain, zipped, large, deep];
}

async function withSeedDocument<T>(
  run: (document: ReturnType<typeof openDocument>, path: string) => Promise<T>,
  depth: 8 | 16 = 8,
): Promise<T> {
  const path = join(folder, `seed-${depth}-${Math.random()}.impasto`);
  createDocumentFile(path, 'seed', 90, 70, { depth });
  const document = openDocument(path);
  try {
    return await run(document, path);
  } finally {
    document.close();
  }
}

/** A picture of 16 bits with a profile, and one whose colours are ink. */
async function tiffSeeds(): Promise<Uint8Array[]> {
  const deep = await withSeedDocument((document) => exportDocument(document, { kind: 'tiff' }, SILENT), 16);
  const ink = sharp(solid(60, 40).data, { raw: { width: 60, height: 40, channels: 4 } })
    .removeAlpha()
    .toColourspace('cmyk');
  return [deep, await ink.clone().tiff().toBuffer(), await ink.jpeg().toBuffer()];
}

const kinds: readonly Kind[] = [
  { name: 'PSD', seeds: psdSeeds, run: importAll },
  {
    name: 'OpenRaster',
    seeds: async () => [
      await withSeedDocument((document) => exportDocument(document, { kind: 'ora' }, SILENT)),
      await withSeedDocument((document) => exportDocument(document, { kind: 'ora' }, SILENT), 16),
    ],
    run: importAll,
  },
  {
    name: 'Krita',
    seeds: async () => KRITA_FILES.flatMap((name) => [kritaFile(name), changedKritaFile(name)]),
    run: importAll,
  },
  {
    name: 'GIMP',
    seeds: async () => (Object.keys(GIMP_FILES) as GimpFile[]).map(gimpFile),
    run: importAll,
  },
  {
    name: 'PNG',
    seeds: async () => [
      await sharp(solid(60, 40).data, { raw: { width: 60, height: 40, channels: 4 } })
        .png()
        .toBuffer(),
      await sharp(solid(60, 40).data, { raw: { width: 60, height: 40, channels: 4 } })
        .png({ palette: true })
        .toBuffer(),
      await withSeedDocument((document) => exportDocument(document, { kind: 'png' }, SILENT), 16),
    ],
    run: importAll,
  },
  { name: 'TIFF, JPEG', seeds: tiffSeeds, run: importAll },
  {
    name: 'OpenEXR',
    seeds: async () => [
      await withSeedDocument((document) => exportDocument(document, { kind: 'exr' }, SILENT)),
      await withSeedDocument((document) => exportDocument(document, { kind: 'exr' }, SILENT), 16),
    ],
    run: importAll,
  },
  ...(SEEDS === undefined
    ? []
    : [
        {
          name: `Files in ${SEEDS}`,
          seeds: async () =>
            readdirSync(SEEDS).map((name) => new Uint8Array(readFileSync(join(SEEDS, name)))),
          run: importAll,
        },
      ]),
  {
    name: '.impasto',
    seeds: async () => {
      const path = await withSeedDocument(async (document, where) => {
        const [layer] = document.state().layers;
        document.commit('Dab', [{ type: 'layer-props', layerId: layer?.id ?? '', props: { opacity: 0.5 } }]);
        return where;
      });
      return [new Uint8Array(readFileSync(path))];
    },
    async run(bytes, number) {
      const path = join(folder, `${number}.impasto`);
      writeFileSync(path, bytes);
      const document = openDocument(path);
      try {
        await flattenStored(document, SILENT);
      } finally {
        document.close();
        rmSync(path, { force: true });
      }
    },
  },
];

describe(`${COUNT} damaged files (10000 with IMPASTO_MUTATIONS=10000; of other programs, too, with IMPASTO_SEEDS=FOLDER)`, () => {
  it.each(kinds)(
    '$name: a document or an error each, at once, in bounded memory',
    async ({ seeds, run, name }) => {
      const random = numbers(name.length * 7919);
      const originals = await seeds();
      // Whole files pass first: a reader that refuses everything would pass otherwise.
      for (const [i, seed] of originals.entries()) await run(seed, -1 - i);
      const before = process.memoryUsage().rss;
      let [opened, refused, slowest, largest] = [0, 0, 0, 0];
      for (let number = 0; number < Math.ceil(COUNT / kinds.length); number++) {
        const bytes = mutate(originals[random(originals.length)] as Uint8Array, random);
        const took = await spent(async () => {
          try {
            await run(bytes, number);
            opened += 1;
          } catch (error) {
            if (!(error instanceof StudioError)) {
              writeFileSync(join(tmpdir(), `impasto-mutated-${name.replace(/\W/g, '')}.bin`), bytes);
              throw error;
            }
            refused += 1;
          }
        });
        if (took > PATIENCE) writeFileSync(join(tmpdir(), `impasto-slow-${number}.bin`), bytes);
        slowest = Math.max(slowest, took);
        largest = Math.max(largest, process.memoryUsage().rss - before);
      }
      process.stdout.write(
        `${name}: ${opened} opened, ${refused} refused, slowest ${slowest.toFixed(0)} ms, grown by ${(largest / 2 ** 20).toFixed(0)} MB\n`,
      );
      expect(refused).toBeGreaterThan(0);
      expect(slowest).toBeLessThan(PATIENCE);
      expect(largest).toBeLessThan(GROWTH);
    },
    1_200_000,
  );
});
