import { afterAll, beforeAll, expect, test } from 'vitest';
import { openRunningStudio, PLAIN_REQUEST, type RunningStudio } from '../../fixtures/run-studio.ts';

let studio: RunningStudio;
beforeAll(async () => {
  studio = await openRunningStudio({ cache: true });
});
afterAll(() => studio.close());

test(
  'what is approximate is named in the recipe, told with its error, near the exact picture, and never cached for it',
  { timeout: 120_000 },
  async () => {
    const notices: string[] = [];
    studio.on('studio.notice', ({ message }) => notices.push(message));
    const request = PLAIN_REQUEST;
    const approximate = await studio.paint({ ...request, approximations: { outputs: 0.1 } });
    expect(approximate.summary.recipe.approximations).toEqual({ outputs: 0.1 });
    expect(notices.join('\n')).toMatch(
      /Approximate: [1-9]\d* of 20 evaluations were forecast\. Where they were checked, forecasts were off by \d+\.\d%\./,
    );
    const exact = await studio.paint(request);
    expect(exact.summary.recipe.approximations).toBeUndefined();
    expect(Buffer.from(exact.raster.rgba).equals(approximate.raster.rgba)).toBe(false);
    const squares = exact.raster.rgba.reduce(
      (sum, value, i) => sum + (value - approximate.raster.rgba[i]!) ** 2,
      0,
    );
    expect(Math.sqrt(squares / exact.raster.rgba.length)).toBeLessThan(12);
    const again = await studio.paint({ ...request, approximations: { outputs: 0.1 } });
    expect(Buffer.from(again.raster.rgba).equals(approximate.raster.rgba)).toBe(true);
  },
);
