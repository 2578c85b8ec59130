import { describe, expect, it } from 'vitest';
import { CpuCompositor } from '../../../../../renderer/engine/compositor/cpu.ts';
import { PaintDocument } from '../../../../../renderer/engine/document.ts';
import { History } from '../../../../../renderer/engine/history/history.ts';
import { layerRecord } from '../../../../../renderer/engine/layers/layer-record.ts';
import { packTile, unpackTile } from '../../../../../renderer/engine/tiles/pack-tile.ts';
import { packAll } from '../../../../../renderer/engine/tiles/keep-within.ts';
import { releaseUnpacked, StoredTile } from '../../../../../renderer/engine/tiles/stored-tile.ts';
import {
  colourFormat,
  maskFormat,
  RGBA16,
  RGBA8,
  type PixelFormat,
} from '../../../../../renderer/engine/tiles/tile.ts';
import { seeded } from '../compositor/random-document.ts';
import { fingerprint } from '../fingerprint.ts';
import { EDGE, randomOperation } from '../random-operation.ts';

const FORMATS = [RGBA8, RGBA16, maskFormat(8), maskFormat(16)];

/** Tiles with values of one kind; `at` counts bytes. */
function tile({ tileBytes }: PixelFormat, value: (at: number) => number): Uint8Array {
  return Uint8Array.from({ length: tileBytes }, (_, at) => value(at));
}

const random = seeded(7);
/** Every way in which one pixel follows another, by the differences that codes tell apart and their neighbours. */
const STEPS = [0, 1, 2, 3, 7, 8, 31, 32, 33, 127, 128, 253, 254, 255];
const walk = new Uint8Array(4);
const KINDS: Record<string, (at: number) => number> = {
  blank: () => 0,
  full: () => 255,
  'flat colour': (at) => [200, 60, 30, 255][at & 3] ?? 0,
  ramp: (at) => (at >> 4) & 255,
  'soft edge': (at) => ((at & 3) === 3 ? Math.min(255, (at >> 2) & 255) : 90),
  steps: (at) => {
    const step = random() < 0.7 ? (STEPS[Math.floor(random() * STEPS.length)] ?? 0) : 0;
    walk[at & 3] = (walk[at & 3] ?? 0) + step;
    return walk[at & 3] ?? 0;
  },
  'few colours': (at) => ((Math.floor(random() * 3) * 80) & 255) + (at & 1),
  runs: (at) => (at >> 8) % 3,
};

describe('packing a tile', () => {
  for (const format of FORMATS) {
    it.each(Object.keys(KINDS))(
      `gives %s of ${format.id} back as it was, or says that it gains nothing`,
      (kind) => {
        const data = tile(format, KINDS[kind] ?? (() => 0));
        const packed = packTile(data, format);
        if (kind === 'blank' || kind === 'full' || kind === 'runs') expect(packed).not.toBeNull();
        if (!packed) return;
        expect(packed.length).toBeLessThan(0.81 * format.tileBytes);
        expect(Buffer.compare(unpackTile(packed, format), data)).toBe(0);
      },
    );
  }

  it('makes a hundredth of flat colour, half of a soft edge, and leaves noise', () => {
    const size = (kind: string): number => packTile(tile(RGBA8, KINDS[kind]!), RGBA8)?.length ?? Infinity;
    expect(size('flat colour')).toBeLessThan(RGBA8.tileBytes / 100);
    expect(size('soft edge')).toBeLessThan(RGBA8.tileBytes * 0.51);
    expect(
      packTile(
        tile(RGBA8, () => Math.floor(random() * 256)),
        RGBA8,
      ),
    ).toBeNull();
  });

  it('cuts noise out of the message that brought it, which would stay in memory', () => {
    const message = Uint8Array.from({ length: 3 * RGBA8.tileBytes }, () => Math.floor(random() * 256));
    const stored = StoredTile.of(message.subarray(RGBA8.tileBytes, 2 * RGBA8.tileBytes), RGBA8);
    stored.pack();
    expect(stored.canPack).toBe(false);
    expect(stored.pixels().buffer.byteLength).toBe(RGBA8.tileBytes);
    expect(Buffer.compare(stored.pixels(), message.subarray(RGBA8.tileBytes, 2 * RGBA8.tileBytes))).toBe(0);
  });
});

/** Bytes of pixels that a document holds unpacked. */
function unpacked(document: PaintDocument): number {
  const held = new Set(
    [...document.layers.all()].flatMap(({ tiles, mask }) => [...tiles.stored(), ...mask.tiles.stored()]),
  );
  return [...held].reduce((sum, each) => sum + (each.canPack ? each.bytes : 0), 0);
}

describe('a document whose tiles are packed', () => {
  const BUDGET = 4 * RGBA8.tileBytes;

  it(
    'is painted, merged, masked, undone and composited as one whose tiles are not',
    { timeout: 120_000 },
    async () => {
      const make = (): PaintDocument =>
        new PaintDocument(EDGE, EDGE, [layerRecord({ id: 'a' }), layerRecord({ id: 'b' })]);
      const both = [make(), make()].map((document) => ({
        document,
        history: new History(document),
        random: seeded(31),
        compositor: new CpuCompositor(document, { cacheBytes: 1 << 20 }),
        states: [] as string[],
      }));
      const [plain, packed] = both as [(typeof both)[number], (typeof both)[number]];
      const seen = ({ document, compositor }: (typeof both)[number]): Buffer => {
        const out = new Uint8Array(document.width * document.height * 4);
        compositor.render(document.canvas, out);
        return Buffer.from(out);
      };
      for (let number = 0; plain.states.length < 120; number++) {
        const steps = both.map((each) => {
          try {
            const changes = randomOperation(each.document, each.random, number);
            if (!changes || changes.length === 0) return false;
            each.history.record(`Step ${number}`, changes);
            return true;
          } catch {
            return false;
          }
        });
        expect(steps[0]).toBe(steps[1]);
        packAll(packed.document.keepWithin({ unpacked: BUDGET }).toPack);
        if (!steps[0]) continue;
        for (const each of both) each.states.push(fingerprint(each.document));
        expect(packed.states.at(-1), `step ${number}`).toBe(plain.states.at(-1));
        if (number % 5 === 0) expect(Buffer.compare(seen(packed), seen(plain)), `step ${number}`).toBe(0);
      }
      packAll(packed.document.keepWithin({ unpacked: 0 }).toPack);
      expect(unpacked(packed.document)).toBe(0);
      expect(Buffer.compare(seen(packed), seen(plain))).toBe(0);
      for (let at = plain.states.length - 2; at >= 0; at--) {
        for (const { history } of both) await history.undo();
        packAll(packed.document.keepWithin({ unpacked: BUDGET }).toPack);
        expect(fingerprint(packed.document), `back at ${at}`).toBe(plain.states[at]);
        if (at % 10 === 0) expect(Buffer.compare(seen(packed), seen(plain))).toBe(0);
      }
    },
  );

  it('holds no more than its budget unpacked, what was looked at last', () => {
    const document = new PaintDocument(4096, 256, [layerRecord({ id: 'a' })]);
    const format = colourFormat(8);
    const tiles = Array.from({ length: 16 }, (_, x) => ({
      x,
      y: 0,
      data: new Uint8Array(format.tileBytes).fill(x + 1),
    }));
    document.apply([{ type: 'tiles', layerId: 'a', tiles }]);
    const layer = document.layers.get('a');
    layer.tiles.get(2, 0);
    expect(packAll(document.keepWithin({ unpacked: BUDGET }).toPack)).toBe(true);
    expect(unpacked(document)).toBeLessThanOrEqual(BUDGET);
    expect(layer.tiles.storedAt(2, 0)?.canPack).toBe(true);
    expect(layer.tiles.storedAt(0, 0)?.canPack).toBe(false);
    expect(layer.tiles.get(0, 0)?.every((value) => value === 1)).toBe(true);
    // One array in many places is one tile: packed once, unpacked once.
    const data = new Uint8Array(format.tileBytes).fill(99);
    document.apply([{ type: 'tiles', layerId: 'a', tiles: tiles.map(({ x }) => ({ x, y: 0, data })) }]);
    packAll(document.keepWithin({ unpacked: 0 }).toPack);
    expect(layer.tiles.get(3, 0)).toBe(layer.tiles.get(4, 0));
    expect(unpacked(document)).toBeLessThan(format.tileBytes * 1.1);
  });

  it('does not fill the memory with what is unpacked, whoever looks at all of it', () => {
    const document = new PaintDocument(16_384, 4096, [layerRecord({ id: 'a' })]);
    const tiles = Array.from({ length: 1024 }, (_, i) => ({
      x: i % 64,
      y: Math.floor(i / 64),
      data: new Uint8Array(RGBA8.tileBytes).fill(i % 251),
    }));
    for (const tile of tiles) {
      document.apply([{ type: 'tiles', layerId: 'a', tiles: [tile] }]);
      packAll(document.keepWithin({ unpacked: BUDGET }).toPack);
    }
    const layer = document.layers.get('a');
    for (let i = 0; i < 1024; i++) expect(layer.tiles.get(i % 64, Math.floor(i / 64))?.[9]).toBe(i % 251);
    // 256 MiB were looked at.
    expect(unpacked(document)).toBeLessThanOrEqual(132 * 2 ** 20);
    releaseUnpacked();
    expect(unpacked(document)).toBeLessThanOrEqual(BUDGET);
    expect(layer.tiles.get(1, 15)?.[7]).toBe(961 % 251);
  });

  it('does not fill the memory with what is fetched at once, whoever looks at all of it', () => {
    const read = new Uint8Array(RGBA8.tileBytes).fill(7);
    const shelf = { readNow: () => [read.slice()], want: () => undefined };
    const tiles = Array.from({ length: 1024 }, (_, i) => StoredTile.away(shelf, `hash ${i}`, RGBA8));
    for (const each of tiles) expect(each.pixels()[5]).toBe(7);
    // 256 MiB were looked at.
    const bytes = tiles.reduce((sum, each) => sum + each.bytes, 0);
    expect(bytes).toBeLessThanOrEqual(128 * 2 ** 20);
    expect(tiles.at(-1)?.isHere).toBe(true);
    expect(tiles[0]?.isHere).toBe(false);
    expect(tiles[0]?.spots).toHaveLength(64);
    releaseUnpacked();
  });

  it('stops when told, and says that it is not done', () => {
    const document = new PaintDocument(512, 256, [layerRecord({ id: 'a' })]);
    const tiles = [0, 1].map((x) => ({ x, y: 0, data: new Uint8Array(RGBA8.tileBytes).fill(x + 1) }));
    document.apply([{ type: 'tiles', layerId: 'a', tiles }]);
    let asked = 0;
    expect(packAll(document.keepWithin({ unpacked: 0 }).toPack, () => ++asked > 1)).toBe(false);
    expect(unpacked(document)).toBe(RGBA8.tileBytes);
  });
});
