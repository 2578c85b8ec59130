import { loadavg } from 'node:os';
import { openRunningStudio, PLAIN_REQUEST } from '../fixtures/run-studio.ts';

/**
 * What forecasting the denoiser's outputs saves and what it costs (embedded model, 256 px, 20 steps): time and error
 * against the exact picture of the same seed, by threshold, in one run.
 *
 * Run: `npm run bench:reuse [seeds]`.
 */
const seeds = Number(process.argv[2] ?? 3);

const studio = await openRunningStudio();
try {
  await studio.paint(PLAIN_REQUEST);
  console.log(`load ${(loadavg()[0] ?? 0).toFixed(1)}; means over ${seeds} seeds, against exact`);
  for (const threshold of [0.08, 0.1, 0.15, 0.2]) {
    let [exact, approximate, squares, values] = [0, 0, 0, 0];
    for (let seed = 0; seed < seeds; seed++) {
      const one = await studio.paint({ ...PLAIN_REQUEST, seed });
      const other = await studio.paint({ ...PLAIN_REQUEST, seed, approximations: { outputs: threshold } });
      exact += one.milliseconds;
      approximate += other.milliseconds;
      for (let i = 0; i < one.raster.rgba.length; i++) {
        if (i % 4 === 3) continue;
        squares += ((one.raster.rgba[i] ?? 0) - (other.raster.rgba[i] ?? 0)) ** 2;
        values += 1;
      }
    }
    const psnr = 10 * Math.log10(255 ** 2 / Math.max(squares / values, 1e-9));
    console.log(
      `threshold ${threshold.toFixed(2)}: ${(approximate / seeds).toFixed(0)} ms beside ${(exact / seeds).toFixed(0)} ms, ` +
        `${(exact / approximate).toFixed(2)} times as quick; PSNR ${psnr.toFixed(1)} dB`,
    );
  }
} finally {
  await studio.close();
}
