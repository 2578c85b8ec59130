import { describe, expect, it } from 'vitest';
import type { ImportedFile } from '../../../../../renderer/engine/brush/import/imported-brush.ts';
import { readBrushFile } from '../../../../../renderer/engine/brush/import/read-brush-file.ts';
import { writeGbr, writeGih } from '../../../../fixtures/write-gbr.ts';

const read = (bytes: Uint8Array, name: string): ImportedFile =>
  readBrushFile(bytes, name, (text) => new TextDecoder().decode(text));
const text = (content: string): Uint8Array => new TextEncoder().encode(content);

const PIXELS = Uint8Array.from([0, 255, 128, 0, 10, 20, 30, 40, 0, 0, 60, 0]);
const grey = { width: 4, height: 3, channels: 1, pixels: PIXELS } as const;
const coloured = {
  width: 4,
  height: 3,
  channels: 4,
  pixels: Uint8Array.from(PIXELS, (value) => value).reduce((out, value, i) => {
    out.set([200, 100, 50, value], i * 4);
    return out;
  }, new Uint8Array(48)),
} as const;

describe('brushes of GIMP', () => {
  it('of one tip have its pixels, name, spacing and size', () => {
    const { program, version, brushes } = read(writeGbr(2, 'Kreide 粉笔', grey, 35), 'a.gbr');
    expect([program, version, brushes.length]).toEqual(['GIMP', '2', 1]);
    expect(brushes[0]?.brush).toMatchObject({ name: 'Kreide 粉笔', tip: 'bitmap', spacing: 0.35, size: 4 });
    expect(brushes[0]?.brush.bitmap).toEqual({ width: 4, height: 3, alpha: PIXELS });
    expect(brushes[0]?.notes).toEqual([]);
  });

  it('are known by their mark, and by their ending where they have none', () => {
    expect(read(writeGbr(2, 'A', grey), 'a.brush').program).toBe('GIMP');
    expect(read(writeGbr(1, 'Old', grey), 'old.gbr')).toMatchObject({ version: '1' });
    expect(read(writeGbr(1, '', grey), 'Old one.gbr').brushes[0]?.brush.name).toBe('Old one');
  });

  it('in colour paint what they cover, and say so', () => {
    const { brushes } = read(writeGbr(2, 'A', coloured), 'a.gbr');
    expect(brushes[0]?.brush.bitmap?.alpha).toEqual(PIXELS);
    expect(brushes[0]?.notes).toEqual(['The colours of the tip are left out.']);
  });

  it('of several tips come with the first, and say so', () => {
    const { version, brushes } = read(
      writeGih('Splats', [writeGbr(2, 'one', grey), writeGbr(2, 'two', grey)]),
      'a.gih',
    );
    expect([version, brushes.length, brushes[0]?.brush.name]).toEqual(['pipe of 2', 1, 'Splats']);
    expect(brushes[0]?.notes).toEqual(['1 of 2 tips are left out; the first is taken.']);
  });

  it('by numbers are round, or drawn where they are not', () => {
    const round = read(text('GIMP-VBR\n1.0\nBlock\n10.0\n25.0\n0.75\n2.5\n30.0\n'), 'a.vbr');
    expect(round.brushes[0]?.brush).toMatchObject({
      name: 'Block',
      tip: 'round',
      spacing: 0.1,
      size: 50,
      hardness: 0.75,
      roundness: 0.4,
      angle: -30,
    });
    const square = read(text('GIMP-VBR\n1.5\nPixel\nsquare\n20.0\n5.0\n2\n1.0\n1.0\n0.0\n'), 'a.vbr');
    const { bitmap } = square.brushes[0]?.brush ?? {};
    expect(bitmap?.alpha.every((value) => value === 255)).toBe(true);
    const star = read(text('GIMP-VBR\n1.5\nStar\ndiamond\n50.0\n25.0\n5\n1.0\n1.0\n0.0\n'), 'a.vbr');
    const share = (star.brushes[0]?.brush.bitmap?.alpha ?? new Uint8Array()).reduce(
      (sum, value) => sum + value / 255,
      0,
    );
    // Five tips of a quarter turn's diamond each: the area of 10 triangles of sin 36° / (sin 36° + cos 36°) / 2, over 4.
    const angle = Math.PI / 5;
    const area = (5 * Math.sin(angle)) / (Math.sin(angle) + Math.cos(angle)) / 4;
    expect(share / 128 ** 2).toBeCloseTo(area, 2);
  });

  it.each([
    ['cut.gbr', writeGbr(2, 'A', grey).slice(0, 36), 'its tip is cut off'],
    ['short.gbr', writeGbr(2, 'A', grey).slice(0, 12), 'it is cut short'],
    ['deep.gbr', writeGbr(2, 'A', { ...grey, channels: 2 as 1 }), 'its tip has 2 channels'],
    ['wide.gbr', writeGbr(2, 'A', { ...grey, width: 0x7fff_ffff }), 'makes no sense'],
    ['blank.gbr', writeGbr(2, 'A', { ...grey, pixels: new Uint8Array(12) }), 'nothing is on its tip'],
    ['a.gih', text('no tips'), 'it is no brush of GIMP'],
    ['b.gih', text('name\nnone\n'), 'how many tips'],
    ['a.vbr', text('GIMP-VBR\n2.0\n'), 'its version 2.0'],
    ['b.vbr', text('GIMP-VBR\n1.0\nA\n10\n'), 'a number in it is missing'],
    ['a.kpp', Uint8Array.of(0x89, 0x50, 0x4e, 0x47), 'a preset of Krita'],
    ['a.bundle', text('PK\u0003\u0004'), 'a bundle of Krita'],
  ])('%s is refused in one sentence', (name, bytes, reason) => {
    expect(() => read(bytes, name)).toThrow(reason);
  });
});
