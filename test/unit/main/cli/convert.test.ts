import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { scratchFolder } from '../../../fixtures/scratch-folder.ts';
import { rawPsd } from '../documents/exchange/raw-psd.ts';

const folder = scratchFolder();
const command = join(import.meta.dirname, '../../../../main/cli/impasto.ts');
const at = (name: string): string => join(folder, name);

function impasto(...args: string[]): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...args], { encoding: 'utf8' });
  return { code: status, out: stdout, err: stderr };
}

beforeAll(async () => {
  const half = sharp({
    create: { width: 24, height: 16, channels: 4, background: { r: 200, g: 0, b: 0, alpha: 0.5 } },
  });
  writeFileSync(at('in.png'), await half.png().toBuffer());
});

describe('impasto convert', () => {
  it('goes from kind to kind of file and says what was lost', () => {
    let source = 'in.png';
    for (const kind of ['impasto', 'psd', 'ora', 'exr', 'jpg']) {
      const { code, err, out } = impasto(
        'convert',
        at(source),
        at(`out.${kind}`),
        '--json',
        '--quality',
        '100',
      );
      expect(code, err).toBe(0);
      const told = JSON.parse(out) as { width: number; lostOnExport: unknown[] };
      expect(told.width).toBe(24);
      if (kind === 'jpg') {
        expect(told.lostOnExport).toContainEqual({
          layer: null,
          feature: 'Transparency',
          outcome: 'left-out',
        });
        expect(err).toContain('Left out: Transparency.');
      }
      source = `out.${kind}`;
    }
    expect(readdirSync(folder).filter((name) => name.includes('.part'))).toEqual([]);
  }, 120_000);

  it('does not touch an earlier output without --force, nor its own input', () => {
    writeFileSync(at('there.png'), 'mine');
    const refused = impasto('convert', at('in.png'), at('there.png'));
    expect([refused.code, readFileSync(at('there.png'), 'utf8')]).toEqual([1, 'mine']);
    expect(refused.err).toContain('there.png exists already and was left as it is.');
    expect(impasto('convert', at('in.png'), at('in.png'), '--force').code).toBe(1);
    expect(impasto('convert', at('in.png'), at('there.png'), '--force').code).toBe(0);
    expect(readFileSync(at('there.png'))[0]).toBe(0x89);
  });

  it('says what is wrong with a file or an option, and leaves nothing', () => {
    writeFileSync(at('empty.psd'), '');
    writeFileSync(at('cut.psd'), rawPsd({ width: 9, height: 9, mode: 3, bits: 8, planes: [] }).slice(0, 30));
    writeFileSync(
      at('wide.psd'),
      rawPsd({ width: 99_999, height: 9, mode: 3, bits: 8, planes: [[], [], []] }),
    );
    for (const [name, sentence] of [
      ['empty.psd', 'empty.psd is empty (0 bytes)'],
      ['cut.psd', 'cut.psd cannot be read'],
      ['wide.psd', '99999 × 9 pixels'],
      ['nowhere.psd', 'There is no file at'],
      ['.', 'is a folder'],
    ] as const) {
      const { code, err, out } = impasto('convert', at(name), at('never.png'), '--json');
      expect([code, existsSync(at('never.png'))]).toEqual([1, false]);
      expect(err).toContain(sentence);
      expect(JSON.parse(out)).toHaveProperty('error.code');
    }
    expect(impasto('convert', at('in.png'), at('a.xyz')).err).toContain('says no format that can be written');
    expect(impasto('convert', at('in.png'), at('a.png'), '--quality', '101').code).toBe(2);
    for (const flags of [['--gamut-warning'], ['--intent', 'relative']])
      expect(impasto('convert', at('in.png'), at('a.png'), ...flags).err).toContain('but no --proof');
    expect(impasto('convert', at('in.png'), at('a.png'), '--profile', at('no.icc')).err).toContain(
      'cannot be read',
    );
  }, 60_000);

  it('converts, scales, lays over a colour and proofs', async () => {
    expect(
      impasto(
        'convert',
        at('in.png'),
        at('big.png'),
        '--scale',
        '2',
        '--background',
        '#0000ff',
        '--depth',
        '16',
      ),
    ).toMatchObject({ code: 0, out: expect.stringContaining('big.png: 48 × 32, 1 layer') as string });
    const big = await sharp(at('big.png')).metadata();
    expect([big.width, big.depth, big.hasAlpha]).toEqual([48, 'ushort', false]);
    const { data } = await sharp(at('big.png'))
      .raw({ depth: 'uchar' })
      .toColourspace('srgb')
      .toBuffer({ resolveWithObject: true });
    expect(Math.abs((data[0] as number) - 100)).toBeLessThan(3);
    expect(Math.abs((data[2] as number) - 127)).toBeLessThan(3);
    const cmyk = await sharp({ create: { width: 1, height: 1, channels: 3, background: '#000' } })
      .toColourspace('cmyk')
      .withIccProfile('cmyk')
      .tiff()
      .toBuffer();
    writeFileSync(at('press.icc'), (await sharp(cmyk).metadata()).icc as Buffer);
    const proof = impasto(
      'convert',
      at('in.png'),
      at('proof.png'),
      '--proof',
      at('press.icc'),
      '--gamut-warning',
      '--json',
    );
    expect(JSON.parse(proof.out)).toHaveProperty('outOfGamut');
    expect(impasto('convert', at('in.png'), at('press.tif'), '--profile', at('press.icc')).code).toBe(0);
    expect((await sharp(at('press.tif')).metadata()).space).toBe('cmyk');
    expect(impasto('convert', at('in.png'), at('press.png'), '--profile', at('press.icc')).err).toContain(
      'cannot be CMYK',
    );
  }, 60_000);
});

describe('impasto flatten', () => {
  it('writes what is seen, the same from a PSD and a PNG', async () => {
    expect(impasto('convert', at('in.png'), at('f.impasto')).code).toBe(0);
    expect(impasto('convert', at('f.impasto'), at('f.psd')).code).toBe(0);
    for (const name of ['in.png', 'f.psd'])
      expect(impasto('flatten', at(name), at(`${name}.flat.png`)).code).toBe(0);
    const [first, second] = await Promise.all(
      ['in.png', 'f.psd'].map((name) =>
        sharp(at(`${name}.flat.png`))
          .raw()
          .toBuffer(),
      ),
    );
    expect(second?.equals(first as Buffer)).toBe(true);
    expect(impasto('flatten', at('in.png'), at('a.jpg')).err).toContain('does not end in .png');
  }, 60_000);
});
