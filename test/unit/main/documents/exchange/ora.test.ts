import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { exportDocument } from '../../../../../main/documents/exchange/export-document.ts';
import { SILENT } from '../../../../../main/documents/exchange/progress.ts';
import { readPicture } from '../../../../../main/documents/exchange/read-picture-file.ts';
import { parseXml, printXml } from '../../../../../renderer/engine/formats/ora/xml.ts';
import { spent } from '../../../../fixtures/spent.ts';
import { flattenBytes, withDocument } from './support.ts';

const png = (width: number, height: number, background: string): Promise<Uint8Array> =>
  sharp({ create: { width, height, channels: 4, background } })
    .png()
    .toBuffer();

/** An OpenRaster file by the letter of the specification. */
async function ora(stack: string, more: Record<string, Uint8Array> = {}): Promise<Uint8Array> {
  return zipSync({
    mimetype: [strToU8('image/openraster'), { level: 0 }],
    'stack.xml': strToU8(
      `<?xml version='1.0' encoding='UTF-8'?>\n<image version="0.0.3" w="20" h="10" xres="150" yres="150">${stack}</image>`,
    ),
    'data/red.png': await png(20, 10, '#ff0000ff'),
    'data/blue.png': await png(4, 4, '#0000ffff'),
    ...more,
  });
}

describe('OpenRaster in', () => {
  it('has layers, stacks, offsets, opacity, visibility, operators and isolation', async () => {
    const file = await ora(`
      <stack>
        <layer name="oben &amp; Ж" src="data/blue.png" x="-1" y="3" opacity="0.5" composite-op="svg:multiply"/>
        <stack name="auto" isolation="auto"><layer name="in" src="data/blue.png" visibility="hidden"/></stack>
        <stack name="alone" composite-op="svg:screen"><layer name="atop" src="data/blue.png" composite-op="svg:src-atop"/>
          <layer name="base" src="data/red.png" edit-locked="true"/></stack>
        <layer name="odd" src="data/red.png" composite-op="svg:dst-out"/>
        <layer name="gone" src="data/nowhere.png"/>
      </stack>`);
    const picture = await readPicture(file, 'a.ora');
    expect(picture).toMatchObject({ width: 20, height: 10, depth: 8, resolution: 150, kind: 'ora' });
    expect(picture.layers.map(({ record }) => [record.name, record.kind, record.blend])).toEqual([
      ['gone', 'paint', 'normal'],
      ['odd', 'paint', 'normal'],
      ['alone', 'group', 'screen'],
      ['auto', 'group', 'pass-through'],
      ['oben & Ж', 'paint', 'multiply'],
    ]);
    const [, , alone, auto, top] = picture.layers;
    expect(alone?.children.map(({ record }) => [record.name, record.clipped, record.locked])).toEqual([
      ['base', false, true],
      ['atop', true, false],
    ]);
    expect(auto?.children[0]?.record.visible).toBe(false);
    expect(top?.record.opacity).toBe(0.5);
    expect(await top?.pixels?.()).toMatchObject({ x: -1, y: 3, width: 4, height: 4 });
    expect(picture.losses).toEqual([
      { layer: 'gone', feature: 'Content data/nowhere.png', outcome: 'left-out' },
      { layer: 'odd', feature: 'Operator svg:dst-out', outcome: 'changed' },
    ]);
  });

  it('refuses what is hostile', async () => {
    const bomb = await ora('<stack><layer src="data/bomb.png"/></stack>', {
      'data/bomb.png': await sharp(Buffer.alloc(4000 * 4000), {
        raw: { width: 4000, height: 4000, channels: 1 },
      })
        .png()
        .toBuffer(),
    });
    // The size that its directory claims for stack.xml is beyond what its bytes could become.
    const claim = Uint8Array.from(bomb);
    const view = new DataView(claim.buffer);
    for (let at = 0; at + 46 < claim.length; at++) {
      const isStack = view.getUint32(at) === 0x50_4b_01_02 && claim[at + 46] === 's'.charCodeAt(0);
      if (isStack) view.setUint32(at + 24, 0x7f_ff_ff_ff, true);
    }
    await expect(readPicture(claim, 'a.ora')).rejects.toMatchObject({ code: 'files/unreadable' });
    const entity = await ora('<!DOCTYPE a [<!ENTITY b "bbbb">]><stack><layer src="data/red.png"/></stack>');
    await expect(readPicture(entity, 'a.ora')).rejects.toThrow(/document type/);
    const deep = await ora(`${'<stack>'.repeat(100)}${'</stack>'.repeat(100)}`);
    await expect(readPicture(deep, 'a.ora')).rejects.toThrow(/nested/);
    await expect(readPicture(zipSync({ 'a.txt': strToU8('a') }), 'a.ora')).rejects.toThrow(/no stack.xml/);
    const texts = [
      '<'.repeat(2e6),
      '<a '.repeat(7e5),
      '<!--'.repeat(5e5),
      '<?'.repeat(1e6),
      '<a b="'.repeat(4e5),
    ];
    const cost = await spent(() => {
      for (const text of texts) expect(() => parseXml(text)).toThrow();
    });
    expect(cost).toBeLessThan(5000);
  });
});

describe('OpenRaster out', () => {
  it('is what readers look for: mimetype first and stored, stack, merged picture, thumbnail', async () => {
    const file = await ora('<stack><layer name="a" src="data/red.png"/></stack>');
    const out = await withDocument(file, 'a.ora', (document) =>
      exportDocument(document, { kind: 'ora' }, SILENT),
    );
    // Local header: stored, eight characters of name, then the content (specification, "File layout").
    expect(strFromU8(out.subarray(0, 4))).toBe('PK\u0003\u0004');
    expect([out[8], out[9]]).toEqual([0, 0]);
    expect(strFromU8(out.subarray(30, 54))).toBe('mimetypeimage/openraster');
    const files = unzipSync(out);
    expect(Object.keys(files)).toEqual(
      expect.arrayContaining(['stack.xml', 'mergedimage.png', 'Thumbnails/thumbnail.png', 'data/layer0.png']),
    );
    const merged = await sharp(files['mergedimage.png']).metadata();
    expect([merged.width, merged.height]).toEqual([20, 10]);
    expect((await sharp(files['Thumbnails/thumbnail.png']).metadata()).width).toBeLessThanOrEqual(256);
  });

  it('comes back with the same layers and the same look', async () => {
    const file = await ora(`
      <stack>
        <layer name="oben" src="data/blue.png" x="2" y="1" opacity="0.5" composite-op="svg:multiply"/>
        <stack name="alone" opacity="0.7"><layer name="atop" src="data/blue.png" x="1" composite-op="svg:src-atop"/>
          <layer name="base" src="data/blue.png" x="-2" y="3"/></stack>
        <stack name="auto" isolation="auto"><layer name="in" src="data/red.png" composite-op="svg:color-burn"/></stack>
      </stack>`);
    const back = await withDocument(file, 'a.ora', (document) =>
      exportDocument(document, { kind: 'ora' }, SILENT),
    );
    const [before, after] = [await flattenBytes(file, 'a.ora'), await flattenBytes(back, 'b.ora')];
    expect(after.data).toEqual(before.data);
    const names = (await readPicture(back, 'b.ora')).layers.map(({ record }) => [record.name, record.blend]);
    expect(names).toEqual([
      ['auto', 'pass-through'],
      ['alone', 'normal'],
      ['oben', 'multiply'],
    ]);
  });

  it('prints XML that holds any name', () => {
    const name = 'a<b> & "c" \u0007\uD800 ✎\n';
    const text = printXml({ name: 'layer', attributes: { name }, children: [] });
    expect(parseXml(text).attributes['name']).toBe('a<b> & "c" \uFFFD ✎\n');
  });
});
