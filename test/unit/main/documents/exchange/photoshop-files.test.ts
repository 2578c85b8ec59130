import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { exportDocument } from '../../../../../main/documents/exchange/export-document.ts';
import { SILENT } from '../../../../../main/documents/exchange/progress.ts';
import { readPicture } from '../../../../../main/documents/exchange/read-picture-file.ts';
import type { FileLayer } from '../../../../../renderer/engine/formats/picture-file.ts';
import { readPsdHeader } from '../../../../../renderer/engine/formats/psd/psd-header.ts';
import { flattenBytes, withDocument } from './support.ts';

const shared = process.env['IMPASTO_REFERENCE'] ?? join(import.meta.dirname, '../../../../../../shared');
const assets = existsSync(join(shared, 'assets/psd')) ? join(shared, 'assets/psd') : null;
const names = assets
  ? readdirSync(assets, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
  : [];

/**
 * Where a pixel may be off by more than 4, and why. Photoshop rounds to 8 bits between a layer and its colour overlay;
 * Vivid Light divides what is left by 38 / 127.5, which makes one step five.
 */
const ALLOWED: Readonly<Record<string, { worst: number; where: (x: number, y: number) => boolean }>> = {
  '2026-blend-modes': { worst: 5, where: (x, y) => x >= 310 && x < 390 && y >= 210 && y < 290 },
};

/** Files whose canvas.png is a blank, because Photoshop stored none of what it showed. */
const NO_MERGED: readonly string[] = ['alpha-composite', 'pass-through'];

interface StoredLayer {
  readonly name: string;
  readonly blendMode: string;
  readonly opacity: number;
  readonly hidden: boolean;
  readonly clipping: boolean;
  readonly mask?: { readonly disabled: boolean; readonly defaultColor: number };
  readonly children?: readonly StoredLayer[];
}

/** The tree as another reader of PSD files gave it, in the words of ours. */
function expectedTree(layers: readonly StoredLayer[] = []): unknown[] {
  return layers.map((layer) => ({
    name: layer.name,
    blend: layer.blendMode.replaceAll(' ', '-'),
    opacity: layer.opacity,
    visible: !layer.hidden,
    clipped: layer.clipping,
    group: layer.children !== undefined,
    mask: layer.mask ? { enabled: !layer.mask.disabled, outside: layer.mask.defaultColor / 255 } : null,
    children: expectedTree(layer.children),
  }));
}

/** Ours, without the layers that colour overlays have become. */
function tree(layers: readonly FileLayer[]): unknown[] {
  return layers
    .filter(({ record }) => !record.name.endsWith(': Color Overlay'))
    .map(({ record, children }) => ({
      name: record.name,
      blend: record.blend,
      opacity: record.opacity,
      visible: record.visible,
      clipped: record.clipped,
      group: record.kind === 'group',
      mask: record.mask ? { enabled: record.mask.enabled, outside: record.mask.outside } : null,
      children: tree(children),
    }));
}

describe.skipIf(!assets)('files that Photoshop wrote (skipped without shared/assets/psd)', () => {
  it.each(names)('%s looks as Photoshop has it, and has its layers', async (name) => {
    const bytes = new Uint8Array(readFileSync(join(assets ?? '', name, 'src.psd')));
    const data = JSON.parse(readFileSync(join(assets ?? '', name, 'data.json'), 'utf8')) as {
      children?: StoredLayer[];
      imageResources?: { versionInfo?: { hasRealMergedData?: boolean } };
    };
    const picture = await readPicture(bytes, 'src.psd');
    expect(tree(picture.layers)).toEqual(expectedTree(data.children));

    if (data.imageResources?.versionInfo?.hasRealMergedData === false) {
      // Saved without "Maximize Compatibility": the file says itself that its merged picture is a blank.
      process.stdout.write(`${name}: has no merged picture to compare with\n`);
      expect(NO_MERGED).toContain(name);
      return;
    }
    const found = await flattenBytes(bytes, 'src.psd');
    const wanted = await sharp(join(assets ?? '', name, 'canvas.png'))
      .ensureAlpha()
      .raw()
      .toBuffer();
    // Without transparency of its own the merged picture lies on white.
    const onWhite = !readPsdHeader(bytes).transparent;
    let [sum, worst] = [0, 0];
    for (let i = 0; i < wanted.length; i++) {
      const alpha = found.data[i | 3] as number;
      // Compared as they show: Photoshop keeps few bits of colours that hardly show.
      const ours = i % 4 === 3 ? (onWhite ? 255 : alpha) : seen(found.data[i] as number, alpha, onWhite);
      const theirs =
        i % 4 === 3 ? (wanted[i] as number) : seen(wanted[i] as number, wanted[i | 3] as number, onWhite);
      const off = Math.abs(ours - theirs);
      sum += off;
      const pixel = i >> 2;
      const allowed = ALLOWED[name];
      if (allowed?.where(pixel % found.width, Math.floor(pixel / found.width))) {
        expect(off).toBeLessThanOrEqual(allowed.worst);
      } else worst = Math.max(worst, off);
    }
    const mean = sum / wanted.length;
    process.stdout.write(`${name}: mean error ${mean.toFixed(4)} / 255, worst ${worst.toFixed(2)}\n`);
    expect(mean).toBeLessThan(1);
    expect(worst).toBeLessThanOrEqual(4);
  });

  it.each(names)('%s keeps structure and pixels on the way to a document and back', async (name) => {
    const bytes = new Uint8Array(readFileSync(join(assets ?? '', name, 'src.psd')));
    const back = await withDocument(bytes, 'src.psd', (document) =>
      exportDocument(document, { kind: 'psd' }, SILENT),
    );
    const [before, after] = [await readPicture(bytes, 'a.psd'), await readPicture(back, 'b.psd')];
    expect(after.losses).toEqual([]);
    await expectSame(after.layers, before.layers);
    expect((await flattenBytes(back, 'b.psd')).data).toEqual((await flattenBytes(bytes, 'a.psd')).data);
  });
});

function seen(value: number, alpha: number, onWhite: boolean): number {
  return (value * alpha) / 255 + (onWhite ? 255 - alpha : 0);
}

async function expectSame(after: readonly FileLayer[], before: readonly FileLayer[]): Promise<void> {
  expect(after.length).toBe(before.length);
  for (const [i, layer] of after.entries()) {
    const original = before[i] as FileLayer;
    expect(layer.record).toEqual(original.record);
    await expectSame(layer.children, original.children);
  }
}
