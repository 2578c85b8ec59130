import { loadavg } from 'node:os';
import { openRunningStudio, PLAIN_REQUEST } from '../fixtures/run-studio.ts';

/**
 * What approximations save and what they cost (embedded model, 256 px, 20 steps), in one run: time and error against the exact
 * picture of the same seed, for forecasts of the denoiser's outputs by threshold, and for pictures begun as one of nearly the
 * same prompt began. Beside the latter stands how far the two prompts' exact pictures lie apart.
 *
 * Run: `npm run bench:reuse [seeds]`.
 */
const seeds = Number(process.argv[2] ?? 3);

/** Prompts of which each pair differs in a word. */
const NEAR = [
  [
    'a red sailboat on the calm sea at sunset, oil painting',
    'a red sailboat on the calm sea at night, oil painting',
  ],
  ['a small fox in the deep snow under tall trees', 'a small fox in the deep snow under tall pines'],
  [
    'a stone house by a lake in the mountains, watercolour',
    'a stone house by a lake in the mountains, pencil',
  ],
] as const;

type Shown = Awaited<ReturnType<Awaited<ReturnType<typeof openRunningStudio>>['paint']>>;

/** Sums over red, green and blue of several pairs of pictures. */
function createError() {
  let [squares, values] = [0, 0];
  return {
    add({ raster: one }: Shown, { raster: other }: Shown): void {
      for (let i = 0; i < one.rgba.length; i++) {
        if (i % 4 === 3) continue;
        squares += ((one.rgba[i] ?? 0) - (other.rgba[i] ?? 0)) ** 2;
        values += 1;
      }
    },
    psnr: (): string => `${(10 * Math.log10(255 ** 2 / Math.max(squares / values, 1e-9))).toFixed(1)} dB`,
  };
}

const studio = await openRunningStudio();
const caching = await openRunningStudio({ cache: true });
try {
  for (const one of [studio, caching]) await one.paint({ ...PLAIN_REQUEST, seed: 9999 });
  console.log(`load ${(loadavg()[0] ?? 0).toFixed(1)}; means over ${seeds} seeds, against exact`);
  for (const threshold of [0.08, 0.1, 0.15, 0.2]) {
    const error = createError();
    let [exact, approximate] = [0, 0];
    for (let seed = 0; seed < seeds; seed++) {
      const one = await studio.paint({ ...PLAIN_REQUEST, seed });
      const other = await studio.paint({ ...PLAIN_REQUEST, seed, approximations: { outputs: threshold } });
      exact += one.milliseconds;
      approximate += other.milliseconds;
      error.add(one, other);
    }
    console.log(
      `threshold ${threshold.toFixed(2)}: ${(approximate / seeds).toFixed(0)} ms beside ${(exact / seeds).toFixed(0)} ms, ` +
        `${(exact / approximate).toFixed(2)} times as quick; PSNR ${error.psnr()}`,
    );
  }
  const [error, apart] = [createError(), createError()];
  let [exact, approximate, begun] = [0, 0, 0];
  for (const [kept, asked] of NEAR) {
    for (let seed = 0; seed < seeds; seed++) {
      const before = await caching.paint({ ...PLAIN_REQUEST, seed, prompt: kept });
      const one = await studio.paint({ ...PLAIN_REQUEST, seed, prompt: asked });
      const approximations = { prompts: { bits: 12 } };
      const other = await caching.paint({ ...PLAIN_REQUEST, seed, prompt: asked, approximations });
      if (other.summary.recipe.approximations === undefined) continue;
      begun += 1;
      exact += one.milliseconds;
      approximate += other.milliseconds;
      error.add(one, other);
      apart.add(one, before);
    }
  }
  console.log(
    `begun as a near prompt: ${begun} of ${NEAR.length * seeds}, ${(approximate / begun).toFixed(0)} ms beside ${(exact / begun).toFixed(0)} ms, ` +
      `${(exact / approximate).toFixed(2)} times as quick; PSNR ${error.psnr()}, the two prompts' own pictures ${apart.psnr()}`,
  );
} finally {
  await Promise.all([studio.close(), caching.close()]);
}
