import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { brushSchema } from '../../../../../preload/contract/index.ts';
import { checkBrush } from '../../../../../renderer/engine/brush/check-brush.ts';
import { compileCurve, sampleCurve } from '../../../../../renderer/engine/brush/curve.ts';
import { readBrushFile } from '../../../../../renderer/engine/brush/import/read-brush-file.ts';
import { EngineError } from '../../../../../renderer/engine/error.ts';
import { dynamics, roundTip, type Value, writeAbr, writeOldAbr } from '../../../../fixtures/write-abr.ts';

const SHARED = join(
  process.env['IMPASTO_ASSETS'] ?? join(import.meta.dirname, '../../../../../../shared/assets'),
  'brushes',
);
const ASSETS = existsSync(SHARED) ? SHARED : '/work/shared/assets/brushes';

const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const read = (bytes: Uint8Array | string, name: string) =>
  readBrushFile(typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes, name, decode);
const only = (bytes: Uint8Array | string, name: string) => read(bytes, name).brushes[0]!;

const tip = {
  id: '$tip-1',
  width: 20,
  height: 10,
  alpha: Uint8Array.from({ length: 200 }, (_, i) => 1 + (i % 255)),
};

function preset(items: Readonly<Record<string, Value>>): Value {
  return {
    class: 'brushPreset',
    items: { 'Nm  ': 'Ink', Brsh: roundTip(), Spcn: { percent: 12 }, Wtdg: false, Nose: false, ...items },
  };
}

describe('Photoshop brushes', () => {
  it('come in with shape, spacing, angle, roundness and hardness', () => {
    const { brush, notes } = only(writeAbr([], [preset({})]), 'set.abr');
    expect(brush).toMatchObject({
      name: 'Ink',
      size: 30,
      hardness: 0.6,
      roundness: 0.4,
      angle: -25,
      spacing: 0.12,
      tip: 'round',
    });
    expect(notes).toEqual([]);
  });

  it('keep a sampled tip, pixel for pixel', () => {
    const sampled: Value = {
      class: 'sampledBrush',
      items: {
        Dmtr: { pixels: 44 },
        Angl: { angle: 0 },
        Rndn: { percent: 100 },
        Spcn: { percent: 30 },
        Intr: true,
        flipX: false,
        flipY: false,
        'Nm  ': 'Tip',
        sampledData: tip.id,
      },
    };
    const { brush } = only(writeAbr([tip], [preset({ Brsh: sampled })]), 'set.abr');
    expect(brush).toMatchObject({ tip: 'bitmap', size: 44, spacing: 0.3 });
    expect(brush.bitmap).toEqual({ width: 20, height: 10, alpha: tip.alpha });
  });

  it('follow the pen and chance as they did', () => {
    const { brush, notes } = only(
      writeAbr(
        [],
        [
          preset({
            useTipDynamics: true,
            tiltScale: { percent: 100 },
            minimumDiameter: { percent: 20 },
            minimumRoundness: { percent: 25 },
            szVr: dynamics(2, 30),
            angleDynamics: dynamics(6, 0),
            roundnessDynamics: dynamics(0, 50),
            flipX: false,
            flipY: false,
            brushProjection: false,
            useScatter: true,
            'Cnt ': 3,
            bothAxes: true,
            scatterDynamics: dynamics(2, 150),
            countDynamics: dynamics(0, 0),
            usePaintDynamics: true,
            opVr: dynamics(2, 0, 10),
            prVr: dynamics(0, 40),
            wtVr: dynamics(0),
            mxVr: dynamics(0),
            useColorDynamics: true,
            clVr: dynamics(0),
            'H   ': { percent: 15 },
            Strt: { percent: 5 },
            Brgh: { percent: 0 },
            purity: { percent: 0 },
            colorDynamicsPerTip: true,
          }),
        ],
      ),
      'set.abr',
    );
    const at = (list: typeof brush.dynamics.size, sensor: string, x: number): number | undefined => {
      const found = list?.find((each) => each.sensor === sensor);
      return found && sampleCurve(compileCurve(found.curve), x);
    };
    expect(at(brush.dynamics.size, 'pressure', 0)).toBeCloseTo(0.2);
    expect(at(brush.dynamics.size, 'pressure', 1)).toBe(1);
    expect(at(brush.dynamics.size, 'random', 0)).toBeCloseTo(0.7);
    expect(at(brush.dynamics.angle, 'direction', 0.5)).toBeCloseTo(0.5);
    expect(at(brush.dynamics.roundness, 'random', 0)).toBeCloseTo(0.5);
    expect(at(brush.dynamics.opacity, 'pressure', 0)).toBeCloseTo(0.1);
    expect(at(brush.dynamics.flow, 'random', 0)).toBeCloseTo(0.6);
    expect(at(brush.dynamics.scatter, 'pressure', 0)).toBe(0);
    expect(brush).toMatchObject({ scatter: 1.5, count: 3 });
    expect(brush.jitter).toEqual({ hue: 0.15, saturation: 0.05, value: 0 });
    expect(notes).toEqual([]);
  });

  it('say what does not map', () => {
    const { brush, notes } = only(
      writeAbr(
        [],
        [
          preset({
            Wtdg: true,
            Nose: true,
            useTipDynamics: true,
            tiltScale: { percent: 100 },
            minimumDiameter: { percent: 0 },
            minimumRoundness: { percent: 0 },
            szVr: dynamics(4),
            angleDynamics: dynamics(5),
            roundnessDynamics: dynamics(0),
            flipX: true,
            flipY: false,
            brushProjection: false,
          }),
        ],
      ),
      'set.abr',
    );
    expect(brush.dynamics).toEqual({});
    expect(brush.wetEdge).toBeGreaterThan(0);
    expect(notes.join(' ')).toMatch(/Noise/);
    expect(notes.join(' ')).toMatch(/Size does not follow stylus wheel/);
    expect(notes.join(' ')).toMatch(/Angle does not follow initial direction/);
    expect(notes.join(' ')).toMatch(/Flipping/);
  });

  it('without descriptions are their tips', () => {
    const { brushes } = read(writeAbr([tip, { ...tip, id: '$tip-2' }], []), 'foliage.abr');
    expect(brushes.map(({ brush }) => [brush.name, brush.size])).toEqual([
      ['foliage 1', 20],
      ['foliage 2', 20],
    ]);
  });

  it.each([1, 2] as const)('of version %i come in, packed tips too', (version) => {
    const { brushes } = read(writeOldAbr(version, 'Grass', tip), 'old.abr');
    expect(brushes).toHaveLength(2);
    expect(brushes[0]?.brush).toMatchObject({
      tip: 'bitmap',
      spacing: 0.33,
      bitmap: { width: 20, height: 10 },
    });
    expect(brushes[0]?.brush.bitmap?.alpha).toEqual(tip.alpha);
    expect(brushes[0]?.brush.name).toBe(version === 2 ? 'Grass' : 'old 1');
    expect(brushes[1]?.brush).toMatchObject({
      tip: 'round',
      size: 19,
      roundness: 0.8,
      angle: -45,
      hardness: 0.7,
      spacing: 0.25,
    });
  });

  it('with a tip larger than any are refused before anything is allocated', () => {
    const bytes = writeAbr([tip], []);
    const view = new DataView(bytes.buffer);
    // Height of the only tip: sections' head, length, name, unknown bytes, top and left.
    view.setInt32(4 + 12 + 4 + 1 + tip.id.length + 264 + 8, 0x7fff_fff0);
    expect(() => read(bytes, 'bomb.abr')).toThrow(/makes no sense/);
  });
});

describe('MyPaint brushes', () => {
  const myb = (settings: Record<string, unknown>, version: unknown = 3): string =>
    JSON.stringify({ comment: 'MyPaint brush file', group: '', version, settings });
  const setting = (base: number, inputs: Record<string, unknown> = {}): unknown => ({
    base_value: base,
    inputs,
  });

  it('have the radius e to their logarithm, times what pressure adds to it', () => {
    const { brush } = only(
      myb({
        radius_logarithmic: setting(2, {
          pressure: [
            [0, -1],
            [1, 0.5],
          ],
        }),
      }),
      'soft.myb',
    );
    expect(brush.name).toBe('soft');
    expect(brush.size).toBeCloseTo(2 * Math.exp(2.5), 6);
    const table = compileCurve(brush.dynamics.size![0]!.curve);
    for (const p of [0, 0.25, 0.5, 0.75, 1])
      expect(sampleCurve(table, p) * brush.size).toBeCloseTo(2 * Math.exp(2 - 1 + 1.5 * p), 0);
  });

  it('have the opacity of a dab that libmypaint computes from dabs that overlap', () => {
    const { brush } = only(
      myb({
        opaque: setting(0.8),
        opaque_linearize: setting(0.9),
        dabs_per_actual_radius: setting(4),
        opaque_multiply: setting(0, {
          pressure: [
            [0, 0],
            [1, 1],
          ],
        }),
      }),
      'a.myb',
    );
    const perDab = (opaque: number): number => 1 - (1 - opaque) ** (1 / (1 + 0.9 * (8 - 1)));
    expect(brush.flow).toBeCloseTo(perDab(0.8), 6);
    const table = compileCurve(brush.dynamics.flow![0]!.curve);
    for (const p of [0, 0.5, 1]) expect(brush.flow * sampleCurve(table, p)).toBeCloseTo(perDab(0.8 * p), 2);
    expect(brush.spacing).toBeCloseTo(1 / 8);
  });

  it('keep ellipse, scatter, smudge, eraser, rate and tracking', () => {
    const { brush } = only(
      myb({
        elliptical_dab_ratio: setting(4),
        elliptical_dab_angle: setting(30),
        offset_by_random: setting(0.4),
        smudge: setting(0.6),
        smudge_length: setting(0.3),
        eraser: setting(1),
        dabs_per_second: setting(50),
        slow_tracking: setting(3),
      }),
      'a.myb',
    );
    expect(brush).toMatchObject({ roundness: 0.25, angle: 30, rate: 50, stabiliser: 3, mode: 'erase' });
    expect(brush.mixing).toEqual({ pickup: 0.6, length: 0.3, smear: false });
    expect(brush.scatter).toBeCloseTo(0.2 * Math.sqrt(3));
  });

  it('of versions 1 and 2 are read from their text', () => {
    const second = only(
      '# mypaint\nversion 2\nradius_logarithmic 1.5 | pressure (0.0 0.0), (1.0 0.5)\nhardness 0.3\n',
      'b.myb',
    );
    expect(second.brush.size).toBeCloseTo(2 * Math.exp(2));
    expect(second.brush.hardness).toBe(0.3);
    const first = only('version 1\nradius_logarithmic 1.5 | pressure 0.5 0.2 1.0 0.5\n', 'b.myb');
    expect(first.brush.size).toBeCloseTo(2 * Math.exp(2));
  });

  it.each([
    ['', /empty/],
    ['{', /broken or cut off/],
    ['{"version": 3}', /no settings/],
    ['{"settings": {}, "version": 7}', /version 7 is not 3/],
    ['{"settings": {}}', /version is missing/],
    ['hello', /no MyPaint brush/],
    ['{"version": 3, "settings": {"opaque": 3}}', /none of its settings/],
  ])('that are broken are refused: %s', (text, why) => {
    expect(() => read(text, 'x.myb')).toThrow(why);
  });

  describe.skipIf(!existsSync(ASSETS))('that MyPaint made (needs the shared assets)', () => {
    it.each(['bulk', 'charcoal', 'impressionism', 'modelling'])('%s comes in', (name) => {
      const { brush } = only(new Uint8Array(readFileSync(join(ASSETS, `${name}.myb`))), `${name}.myb`);
      checkBrush(brush);
      expect(brushSchema.safeParse(brush).success).toBe(true);
    });

    it('charcoal scatters less the more it is pressed', () => {
      const { brush } = only(new Uint8Array(readFileSync(join(ASSETS, 'charcoal.myb'))), 'charcoal.myb');
      const table = compileCurve(brush.dynamics.scatter![0]!.curve);
      // 1.6 − 1.4 p of the radius, from the file.
      expect(sampleCurve(table, 1) / sampleCurve(table, 0)).toBeCloseTo(0.2 / 1.6, 2);
    });

    it.each(['missing_version.bad-myb', 'truncated.bad-myb'])('%s is refused', (name) => {
      const bytes = new Uint8Array(readFileSync(join(ASSETS, 'bad', name)));
      expect(() => read(bytes, 'bad.myb')).toThrow(EngineError);
    });
  });
});
