import { describe, expect, it } from 'vitest';
import { brushWith, type Brush, type Sample } from '../../../../../renderer/engine/brush/brush.ts';
import { beginStroke } from '../../../../../renderer/engine/brush/stroke.ts';
import { PaintDocument, type DocumentEvent } from '../../../../../renderer/engine/document.ts';
import { EngineError } from '../../../../../renderer/engine/error.ts';
import { layerRecord, type LayerRecord } from '../../../../../renderer/engine/layers/layer-record.ts';
import { readRegion, writeRegion } from '../../../../../renderer/engine/tiles/region.ts';

const sample = (x: number, y: number, time = 0, pressure = 1): Sample => ({
  x,
  y,
  pressure,
  tiltX: 0,
  tiltY: 0,
  twist: 0,
  time,
});

function documentWith(props: Partial<LayerRecord> = {}): PaintDocument {
  return new PaintDocument(600, 400, [layerRecord({ id: 'a', name: 'Ink', ...props })]);
}

function paint(
  document: PaintDocument,
  brush: Brush,
  samples: readonly Sample[],
  batch = samples.length,
): void {
  const stroke = beginStroke(document, 'a', brush, [255, 0, 0]);
  for (let i = 0; i < samples.length; i += batch) stroke.extend(samples.slice(i, i + batch));
  document.apply(stroke.commit());
}

const pixelsOf = (document: PaintDocument): Uint8ClampedArray =>
  readRegion(document.layers.get('a').tiles, document.canvas);

function alphaSum(document: PaintDocument): number {
  const pixels = pixelsOf(document);
  let sum = 0;
  for (let i = 3; i < pixels.length; i += 4) sum += pixels[i]! / 255;
  return sum;
}

function fillLayer(document: PaintDocument, rgba: readonly number[]): void {
  const pixels = Uint8Array.from({ length: 600 * 400 * 4 }, (_, i) => rgba[i & 3]!);
  document.apply([
    { type: 'tiles', layerId: 'a', tiles: writeRegion(document.layers.get('a'), document.canvas, pixels) },
  ]);
}

describe('a dab', () => {
  it.each([1, 1.7, 3, 6.5, 7.9, 8.1, 12, 40, 101.3])(
    'of diameter %d covers its area within 1%%, wherever it falls',
    (size) => {
      for (const [dx, dy] of [
        [0, 0],
        [0.5, 0.5],
        [0.23, 0.81],
      ] as const) {
        const document = documentWith();
        paint(document, brushWith({ size, hardness: 1, stabiliser: 0 }), [sample(200 + dx, 150 + dy)]);
        const area = Math.PI * (size / 2) ** 2;
        // Alpha is stored in 8 bits, so the smallest discs also carry its rounding.
        expect(Math.abs(alphaSum(document) - area)).toBeLessThanOrEqual(area * 0.01 + 0.02);
      }
    },
  );

  it.each([
    [30, 0.5],
    [30, 0.2],
    [8, 0.5],
    [60, 0.06],
  ])('of diameter %d and roundness %d covers the area of its ellipse within 2%%', (size, roundness) => {
    for (const angle of [0, 30, 90, 135]) {
      const document = documentWith();
      paint(document, brushWith({ size, hardness: 1, roundness, angle, stabiliser: 0 }), [
        sample(200.3, 150.6),
      ]);
      const area = Math.PI * (size / 2) ** 2 * roundness;
      expect(Math.abs(alphaSum(document) / area - 1)).toBeLessThan(0.02);
    }
  });

  it('moves by fractions of a pixel: its centre of mass follows within 0.02 px', () => {
    for (const size of [3, 20]) {
      for (const offset of [0, 0.1, 0.25, 0.5, 0.77]) {
        const document = documentWith();
        paint(document, brushWith({ size, hardness: 1, stabiliser: 0 }), [
          sample(100 + offset, 100 + offset / 2),
        ]);
        const pixels = pixelsOf(document);
        let mass = 0;
        let x = 0;
        let y = 0;
        for (let i = 0; i < 600 * 400; i++) {
          const a = pixels[i * 4 + 3]!;
          mass += a;
          x += a * ((i % 600) + 0.5);
          y += a * (Math.floor(i / 600) + 0.5);
        }
        expect(Math.abs(x / mass - 100 - offset)).toBeLessThan(0.02);
        expect(Math.abs(y / mass - 100 - offset / 2)).toBeLessThan(0.02);
      }
    }
  });
});

describe('a stroke', () => {
  const line = (rate: number): Sample[] =>
    Array.from({ length: rate + 1 }, (_, i) =>
      sample(50 + (400 * i) / rate, 60 + (200 * i) / rate, (1000 * i) / rate, 0.2 + (0.8 * i) / rate),
    );

  it.each([0.1, 0.37, 0.5, 1])(
    'in wash never covers more than its opacity of %d, however often it crosses itself',
    (opacity) => {
      const document = documentWith();
      const scribble = Array.from({ length: 400 }, (_, i) =>
        sample(100 + 40 * Math.sin(i / 3), 100 + 40 * Math.cos(i / 5), i * 4),
      );
      paint(document, brushWith({ size: 30, opacity, flow: 0.6 }), scribble);
      const pixels = pixelsOf(document);
      let most = 0;
      for (let i = 3; i < pixels.length; i += 4) most = Math.max(most, pixels[i]!);
      expect(most).toBe(Math.round(opacity * 255));
    },
  );

  it('in build-up covers more where it crosses itself', () => {
    const coverAt = (passes: number): number => {
      const document = documentWith();
      const path = Array.from({ length: passes }, (_, i) => sample(i % 2 === 0 ? 50 : 300, 100, i * 100));
      paint(
        document,
        brushWith({ size: 30, opacity: 0.2, flow: 0.2, accumulation: 'build-up', stabiliser: 0 }),
        path,
      );
      return pixelsOf(document)[(100 * 600 + 175) * 4 + 3]!;
    };
    expect(coverAt(5)).toBeGreaterThan(coverAt(2) + 20);
  });

  it('of very low flow builds up evenly and does not stall below its opacity', () => {
    const document = documentWith();
    const path = Array.from({ length: 60 }, (_, i) => sample(i % 2 === 0 ? 50 : 300, 100, i * 100));
    paint(document, brushWith({ size: 40, hardness: 1, flow: 0.002, stabiliser: 0 }), path);
    const alpha = pixelsOf(document)[(100 * 600 + 175) * 4 + 3]!;
    // 60 passes of 10 dabs each: 1 - (1 - 0.002)^590.
    expect(Math.abs(alpha - 255 * (1 - 0.998 ** 590))).toBeLessThanOrEqual(2);
  });

  it.each([0, 1, 4])(
    'is the same for a pen of 60 and of 240 readings a second on a straight path (stabiliser %i)',
    (stabiliser) => {
      const brush = brushWith({
        size: 24,
        stabiliser,
        flow: 0.3,
        dynamics: {
          size: [
            {
              sensor: 'pressure',
              curve: [
                [0, 0.2],
                [1, 1],
              ],
            },
          ],
        },
      });
      const slow = documentWith();
      const fast = documentWith();
      paint(slow, brush, line(60));
      paint(fast, brush, line(240));
      const a = pixelsOf(slow);
      const b = pixelsOf(fast);
      let worst = 0;
      let sum = 0;
      for (let i = 3; i < a.length; i += 4) {
        worst = Math.max(worst, Math.abs(a[i]! - b[i]!));
        sum += Math.abs(a[i]! - b[i]!);
      }
      // Pressure is not averaged, so with a stabiliser it leads the position by up to half the window.
      expect(worst).toBeLessThanOrEqual(stabiliser === 0 ? 2 : 24);
      expect(sum / 255).toBeLessThan(alphaSum(slow) * 0.005);
    },
  );

  it('is the same bits however its readings are handed over', () => {
    const brush = brushWith({ size: 17, scatter: 0.4, spacing: 0.2, stabiliser: 2 });
    const whole = documentWith();
    const single = documentWith();
    paint(whole, brush, line(90));
    paint(single, brush, line(90), 1);
    expect(pixelsOf(single)).toEqual(pixelsOf(whole));
  });

  it('at stabiliser 0 draws the raw polyline', () => {
    const document = documentWith();
    paint(document, brushWith({ size: 2, hardness: 1, stabiliser: 0 }), [
      sample(100, 100),
      sample(200, 100, 8),
      sample(200, 200, 16),
    ]);
    const pixels = pixelsOf(document);
    for (let t = 0; t <= 100; t++) {
      expect(pixels[(100 * 600 + 100 + t) * 4 + 3], `right ${t}`).toBeGreaterThan(100);
      expect(pixels[((100 + t) * 600 + 200) * 4 + 3], `down ${t}`).toBeGreaterThan(100);
    }
    // Nothing overshoots the corner.
    expect(pixels[(100 * 600 + 203) * 4 + 3]).toBe(0);
    expect(pixels[(97 * 600 + 200) * 4 + 3]).toBe(0);
  });

  it('with a stabiliser still ends where the pen left', () => {
    const document = documentWith();
    paint(document, brushWith({ size: 6, hardness: 1, stabiliser: 10 }), line(120));
    expect(pixelsOf(document)[(260 * 600 + 450) * 4 + 3]).toBe(255);
  });

  it('looks, while drawn, exactly as it is when written', () => {
    const document = documentWith();
    fillLayer(document, [10, 200, 90, 130]);
    const stroke = beginStroke(
      document,
      'a',
      brushWith({ size: 50, hardness: 0.2, flow: 0.4, stabiliser: 0 }),
      [250, 40, 7],
    );
    stroke.extend(line(50));
    const seen = readRegion(document.layers.get('a'), document.canvas);
    expect(readRegion(document.layers.get('a').tiles, document.canvas)).not.toEqual(seen);
    document.apply(stroke.commit());
    expect(pixelsOf(document)).toEqual(seen);
  });

  it('is written without anything to draw again, and undone with only what it covered', () => {
    const document = documentWith();
    fillLayer(document, [10, 200, 90, 130]);
    const stroke = beginStroke(document, 'a', brushWith({ size: 20 }), [250, 40, 7]);
    const events: DocumentEvent[] = [];
    stroke.extend(line(50));
    const changes = stroke.commit();
    document.subscribe((event) => events.push(event));
    const back = document.apply(changes);
    expect(events.flatMap((event) => event.pixels)).toEqual([]);
    document.apply(back);
    const pixels = events.flatMap((event) => event.pixels);
    expect(pixels.length).toBe(3);
    for (const { rect } of pixels) expect(rect.y >= 45 && rect.y + rect.height <= 276).toBe(true);
  });

  it('goes out of sight when other changes than its own follow', () => {
    const document = documentWith();
    const stroke = beginStroke(document, 'a', brushWith({ size: 20 }), [250, 40, 7]);
    stroke.extend([sample(50, 50)]);
    stroke.commit();
    const events: DocumentEvent[] = [];
    document.subscribe((event) => events.push(event));
    document.apply([{ type: 'layer-props', layerId: 'a', props: { name: 'other' } }]);
    expect(events.flatMap((event) => event.pixels).length).toBe(1);
    expect(document.layers.get('a').get(0, 0)).toBeUndefined();
  });

  it('leaves no trace when aborted, and changes nothing before it is committed', () => {
    const document = documentWith();
    fillLayer(document, [10, 200, 90, 130]);
    const before = pixelsOf(document);
    const stroke = beginStroke(document, 'a', brushWith({ size: 50 }), [0, 0, 0]);
    const dirty = stroke.extend(line(30));
    expect(dirty.width).toBeGreaterThan(300);
    expect(pixelsOf(document)).toEqual(before);
    stroke.abort();
    expect(readRegion(document.layers.get('a'), document.canvas)).toEqual(before);
    expect(() => stroke.extend(line(3))).toThrow(EngineError);
  });

  it('reports every pixel that changed in its dirty rectangle', () => {
    const document = documentWith();
    const stroke = beginStroke(document, 'a', brushWith({ size: 19, hardness: 0 }), [0, 0, 0]);
    let before = readRegion(document.layers.get('a'), document.canvas);
    for (const point of line(40)) {
      const { x, y, width, height } = stroke.extend([point]);
      const after = readRegion(document.layers.get('a'), document.canvas);
      for (let i = 0; i < 600 * 400; i++) {
        const px = i % 600;
        const py = Math.floor(i / 600);
        const inside = px >= x && px < x + width && py >= y && py < y + height;
        if (!inside && after[i * 4 + 3] !== before[i * 4 + 3])
          expect.fail(`pixel ${px}, ${py} changed outside`);
      }
      before = after;
    }
    stroke.abort();
  });

  it('erases alpha and leaves colour; alpha lock keeps alpha and changes colour', () => {
    const erased = documentWith();
    fillLayer(erased, [10, 200, 90, 200]);
    paint(erased, brushWith({ size: 40, hardness: 1, mode: 'erase', opacity: 0.5 }), [sample(100, 100)]);
    expect([...pixelsOf(erased).subarray((100 * 600 + 100) * 4, (100 * 600 + 100) * 4 + 4)]).toEqual([
      10, 200, 90, 100,
    ]);

    const locked = documentWith({ alphaLocked: true });
    fillLayer(locked, [10, 200, 90, 77]);
    paint(locked, brushWith({ size: 40, hardness: 1, opacity: 0.5 }), [sample(100, 100)]);
    expect([...pixelsOf(locked).subarray((100 * 600 + 100) * 4, (100 * 600 + 100) * 4 + 4)]).toEqual([
      133, 100, 45, 77,
    ]);
    const empty = documentWith({ alphaLocked: true });
    paint(empty, brushWith({ size: 40 }), [sample(100, 100)]);
    expect(alphaSum(empty)).toBe(0);
  });

  it('paints only where it is selected', () => {
    const document = documentWith();
    const half = Uint8Array.from({ length: 65536 }, (_, i) => (i % 256 < 128 ? 255 : 0));
    const stroke = beginStroke(document, 'a', brushWith({ size: 100, hardness: 1 }), [0, 0, 0], {
      selection: { get: (tx, ty) => (tx === 0 && ty === 0 ? half : undefined) },
    });
    stroke.extend([sample(128, 200)]);
    document.apply(stroke.commit());
    const pixels = pixelsOf(document);
    expect(pixels[(200 * 600 + 127) * 4 + 3]).toBe(255);
    expect(pixels[(200 * 600 + 128) * 4 + 3]).toBe(0);
  });

  it('that erases a tile wholly removes it, and one outside the canvas changes nothing', () => {
    const document = new PaintDocument(256, 256, [layerRecord({ id: 'a' })]);
    paint(document, brushWith({ size: 30 }), [sample(60, 60)]);
    expect(document.layers.get('a').tiles.size).toBe(1);
    paint(document, brushWith({ size: 1200, hardness: 1, mode: 'erase' }), [sample(100, 100)]);
    expect(document.layers.get('a').tiles.size).toBe(0);
    const stroke = beginStroke(document, 'a', brushWith({ size: 30 }), [0, 0, 0]);
    expect(stroke.extend([sample(-500, -500), sample(-900, 1e9, 5), sample(Number.NaN, 3, 6)])).toMatchObject(
      { width: 0 },
    );
    expect(stroke.commit()).toEqual([]);
  });

  it.each([
    [{ locked: true }, 'layer-locked'],
    [{ visible: false }, 'layer-hidden'],
    [{ kind: 'group' as const }, 'layer-not-paintable'],
  ])('does not begin on a layer with %o', (props, code) => {
    const document = documentWith(props);
    expect(() => beginStroke(document, 'a', brushWith({}), [0, 0, 0])).toThrowError(
      expect.objectContaining({ code }),
    );
  });

  it.each([
    { size: Number.NaN },
    { size: 0 },
    { flow: 2 },
    { spacing: 0 },
    { stabiliser: -1 },
    { angle: Infinity },
  ])('refuses a brush with %o', (given) => {
    expect(() => beginStroke(documentWith(), 'a', brushWith(given), [0, 0, 0])).toThrowError(
      expect.objectContaining({ code: 'invalid-value' }),
    );
  });
});
