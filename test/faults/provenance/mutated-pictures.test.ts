import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { encodePng } from '../../../main/documents/png.ts';
import { readSettings } from '../../../main/provenance/read-settings.ts';
import {
  exifBlock,
  jpegWith,
  pngHiding,
  pngWith,
  userComment,
  webpWith,
} from '../../fixtures/foreign/containers.ts';
import { exampleRecipe } from '../../fixtures/recipe.ts';
import * as texts from '../../fixtures/foreign/texts.ts';

/** IMPASTO_MUTATIONS=5000 for the whole number. */
const MUTATIONS = Number(process.env['IMPASTO_MUTATIONS'] ?? 600);

/** Bytes in 0 … 2^32 - 1 that follow from a number alone. */
function draw(seed: number): (below: number) => number {
  let counter = 0;
  return (below) => {
    const hash = createHash('sha256').update(`${seed}/${counter++}`).digest();
    return hash.readUInt32LE() % below;
  };
}

function mutate(file: Buffer, seed: number): Buffer {
  const random = draw(seed);
  const bytes = Buffer.from(file);
  const kind = random(4);
  if (kind === 0) return bytes.subarray(0, random(bytes.length));
  if (kind === 1) {
    const at = random(bytes.length);
    const length = random(64);
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(Math.min(bytes.length, at + length))]);
  }
  const count = kind === 2 ? 1 + random(8) : 64;
  for (let i = 0; i < count; i++) bytes[random(bytes.length)] = random(256);
  return bytes;
}

it(
  `finds settings or none in ${MUTATIONS} mutated pictures, and never fails`,
  { timeout: 600_000 },
  async () => {
    const exif = exifBlock([], [userComment(texts.A1111)]);
    const raster = { width: 3, height: 2, rgba: new Uint8Array(24) };
    const files = [
      await pngWith([{ name: 'parameters', text: texts.A1111 }]),
      await pngWith([{ type: 'iTXt-deflated', name: 'prompt', text: JSON.stringify(texts.COMFY_PROMPT) }]),
      await pngWith([{ type: 'zTXt', name: 'workflow', text: JSON.stringify(texts.COMFY_WORKFLOW) }]),
      await pngWith([{ name: 'invokeai_metadata', text: JSON.stringify(texts.INVOKE) }]),
      await pngWith([{ name: 'Dream', text: texts.DREAM }]),
      await pngWith([{ type: 'iTXt', name: 'XML:com.adobe.xmp', text: texts.drawThingsXmp() }]),
      await pngWith([{ name: 'Comment', text: JSON.stringify(texts.NOVEL_AI) }], exif),
      await pngHiding(JSON.stringify({ Comment: JSON.stringify(texts.NOVEL_AI) }), true),
      await jpegWith(exif),
      await webpWith(exif),
      Buffer.from(await encodePng(raster, [{ layer: null, recipe: exampleRecipe }])),
    ];
    let found = 0;
    for (let i = 0; i < MUTATIONS; i++) {
      const file = files[i % files.length];
      if (file && (await readSettings(mutate(file, i))) !== null) found++;
    }
    // Most mutations miss the text: a reader that gave up on everything would not pass.
    expect(found).toBeGreaterThan(MUTATIONS / 4);
  },
);
