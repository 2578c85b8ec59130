import { cpus, loadavg } from 'node:os';
import type { Raster } from '../../preload/contract/index.ts';
import { openRunningStudio, PLAIN_REQUEST } from '../fixtures/run-studio.ts';

/**
 * What painting a part of a picture costs beside painting it whole (embedded model, 20 steps of img2img at 80%): the
 * same picture and mask, once as a local edit and once at the picture's own size, in one run and one studio.
 *
 * Run: `npm run bench:local [edge] [runs]`. Bar: a part of 3% at least 3 times faster; outside the mask identical.
 */
const edge = Number(process.argv[2] ?? 1024);
const runs = Number(process.argv[3] ?? 3);
const SHARE = 0.03;

const picture: Raster = {
  width: edge,
  height: edge,
  rgba: Uint8Array.from({ length: edge * edge * 4 }, (_, i) =>
    i % 4 === 3 ? 255 : 120 + 70 * Math.sin((i >> 2) / 61) + 40 * Math.cos((i >> 2) / (edge * 13)),
  ),
};
const side = Math.round(Math.sqrt(SHARE) * edge);
const from = Math.round(edge * 0.4);
const mask: Raster = { width: edge, height: edge, rgba: new Uint8Array(edge * edge * 4) };
for (let y = from; y < from + side; y++) {
  mask.rgba.fill(255, (y * edge + from) * 4, (y * edge + from + side) * 4);
}
const changedOutside = ({ rgba }: Raster): number => {
  let changed = 0;
  for (let i = 0; i < rgba.length; i++) if (mask.rgba[i] === 0 && rgba[i] !== picture.rgba[i]) changed++;
  return changed;
};

const studio = await openRunningStudio();
try {
  const request = { ...PLAIN_REQUEST, init: { raster: picture, strength: 0.8 }, mask };
  const whole = { ...request, width: edge, height: edge };
  const local = { ...request, local: {} };
  const times: Record<'whole' | 'local', number[]> = { whole: [], local: [] };
  for (let run = 0; run <= runs; run++) {
    for (const [name, asked] of [
      ['local', local],
      ['whole', whole],
    ] as const) {
      const { milliseconds, raster } = await studio.paint({ ...asked, seed: run });
      if (changedOutside(raster) > 0) throw new Error(`${name}: pixels outside the mask changed`);
      // The first run of each loads its networks.
      if (run > 0) times[name].push(milliseconds);
    }
  }
  const best = (values: readonly number[]): number => Math.min(...values);
  const [load = 0] = loadavg();
  console.log(
    `${cpus().length} cores, load ${load.toFixed(1)}; ${edge} px, a part of ${SHARE * 100}%, best of ${runs}`,
  );
  console.log(`whole  ${best(times.whole).toFixed(0)} ms`);
  console.log(`local  ${best(times.local).toFixed(0)} ms, pixels outside the mask identical`);
  const ratio = best(times.whole) / best(times.local);
  console.log(`${ratio.toFixed(1)} times faster; the bar is 3: ${ratio >= 3 ? 'held' : 'MISSED'}`);
} finally {
  await studio.close();
}
