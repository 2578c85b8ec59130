import { describe, expect, it } from 'vitest';
import { brushSchema } from '../../preload/contract/index.ts';
import { checkBrush } from '../../renderer/engine/brush/check-brush.ts';
import { readBrushFile } from '../../renderer/engine/brush/import/read-brush-file.ts';
import { StrokeRandom } from '../../renderer/engine/brush/random.ts';
import { EngineError } from '../../renderer/engine/error.ts';
import { spent } from '../fixtures/spent.ts';
import { dynamics, roundTip, writeAbr, writeOldAbr } from '../fixtures/write-abr.ts';
import { writeGbr, writeGih } from '../fixtures/write-gbr.ts';

const FILES = Number(process.env['IMPASTO_BRUSH_FILES'] ?? 1500);

const tip = { id: '$a', width: 16, height: 12, alpha: new Uint8Array(192).fill(200) };
const MYB = JSON.stringify({
  version: 3,
  settings: {
    radius_logarithmic: {
      base_value: 2,
      inputs: {
        pressure: [
          [0, -1],
          [1, 0.5],
        ],
        speed1: [
          [0, 0],
          [4, 1],
        ],
      },
    },
    opaque_multiply: {
      base_value: 0,
      inputs: {
        pressure: [
          [0, 0],
          [1, 1],
        ],
      },
    },
    elliptical_dab_ratio: {
      base_value: 3,
      inputs: {
        random: [
          [0, -1],
          [1, 2],
        ],
      },
    },
    elliptical_dab_angle: {
      base_value: 45,
      inputs: {
        direction: [
          [0, 0],
          [180, 180],
        ],
      },
    },
    smudge: {
      base_value: 0.4,
      inputs: {
        stroke: [
          [0, 0],
          [1, 1],
        ],
      },
    },
    offset_by_random: { base_value: 0.3, inputs: {} },
  },
});

const gbr = writeGbr(2, 'Chalk', { width: 16, height: 12, channels: 1, pixels: tip.alpha });

const SOURCES: readonly { readonly name: string; readonly bytes: Uint8Array }[] = [
  {
    name: 'six.abr',
    bytes: writeAbr(
      [tip],
      [
        {
          class: 'brushPreset',
          items: {
            'Nm  ': 'Ink',
            Brsh: roundTip(),
            Spcn: { percent: 12 },
            Wtdg: false,
            Nose: false,
            useTipDynamics: true,
            tiltScale: { percent: 100 },
            minimumDiameter: { percent: 20 },
            minimumRoundness: { percent: 25 },
            szVr: dynamics(2, 30),
            angleDynamics: dynamics(6),
            roundnessDynamics: dynamics(0, 50),
            flipX: false,
            flipY: false,
            brushProjection: false,
          },
        },
      ],
    ),
  },
  { name: 'one.abr', bytes: writeOldAbr(1, '', tip) },
  { name: 'two.abr', bytes: writeOldAbr(2, 'Grass', tip) },
  { name: 'a.gbr', bytes: gbr },
  { name: 'a.gih', bytes: writeGih('Chalks', [gbr, gbr]) },
  {
    name: 'a.vbr',
    bytes: new TextEncoder().encode('GIMP-VBR\n1.5\nStar\ndiamond\n50.0\n25.0\n5\n1.0\n2.5\n17.5\n'),
  },
  { name: 'a.myb', bytes: new TextEncoder().encode(MYB) },
  {
    name: 'b.myb',
    bytes: new TextEncoder().encode(
      'version 2\nradius_logarithmic 1.5 | pressure (0.0 0.0), (1.0 0.5)\nhardness 0.3\n',
    ),
  },
];

/** Flips bits, writes extremes, cuts off, repeats, swaps. */
function mutate(bytes: Uint8Array, random: StrokeRandom): Uint8Array {
  const at = (): number => Math.floor(random.next() * bytes.length);
  let out = Uint8Array.from(bytes);
  for (let i = 0; i <= random.next() * 4; i++) {
    switch (Math.floor(random.next() * 6)) {
      case 0:
        out[at() % out.length]! ^= 1 << Math.floor(random.next() * 8);
        break;
      case 1:
        out[at() % out.length] = [0, 255, 127, 128, 34, 57][Math.floor(random.next() * 6)]!;
        break;
      case 2:
        out = out.slice(0, Math.max(1, at()));
        break;
      case 3: {
        const from = at();
        out = Uint8Array.from([...out.slice(0, from), ...out.slice(Math.max(0, from - 40))]);
        break;
      }
      case 4: {
        const value = [0xffffffff, 0x7fffffff, 0x80000000, 0][Math.floor(random.next() * 4)]!;
        if (out.length > 8)
          new DataView(out.buffer).setUint32(Math.floor(random.next() * (out.length - 4)), value);
        break;
      }
      default: {
        const from = at();
        out = Uint8Array.from([...out.slice(0, from), ...out.slice(from + Math.ceil(random.next() * 9))]);
      }
    }
    if (out.length === 0) return Uint8Array.of(0);
  }
  return out;
}

describe('broken brush files', () => {
  it(
    `are an error or brushes each, soon and in little memory (${FILES} of them)`,
    { timeout: 600_000 },
    async () => {
      const random = new StrokeRandom(20_260_305);
      let good = 0;
      for (let i = 0; i < FILES; i++) {
        const { name, bytes } = SOURCES[i % SOURCES.length]!;
        const file = mutate(bytes, random);
        const cost = await spent(() => {
          try {
            for (const { brush } of readBrushFile(file, name, (text) => new TextDecoder().decode(text))
              .brushes) {
              checkBrush(brush);
              const stored = brushSchema.safeParse(brush);
              if (!stored.success) expect.fail(`file ${i}: ${stored.error.message}`);
            }
            good++;
          } catch (error) {
            if (!(error instanceof EngineError) || error.code !== 'unreadable-file')
              expect.fail(`file ${i} (${name}): ${String(error)}`);
          }
        });
        expect(cost).toBeLessThan(2000);
      }
      expect(good).toBeGreaterThan(FILES / 20);
      expect(good).toBeLessThan(FILES);
      expect(process.memoryUsage().rss).toBeLessThan(2 ** 30);
    },
  );
});
