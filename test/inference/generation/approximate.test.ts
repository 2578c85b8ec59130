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

test(
  'a prompt near one that is kept begins as that did, says so, and is compared with its exact picture',
  { timeout: 120_000 },
  async () => {
    const [first, asked] = [
      'a small red fox in the deep snow at dawn, oil painting',
      'a small red fox in the deep snow at dusk, oil painting',
    ];
    const request = { ...PLAIN_REQUEST, seed: 77, width: 64, height: 64, steps: 10 };
    const wish = { approximations: { prompts: { bits: 15 } } };
    // Nothing near is kept yet: what was asked for is made, exactly.
    const alone = await studio.paint({ ...request, ...wish, prompt: first });
    expect(alone.summary.recipe.approximations).toBeUndefined();
    const plan = await studio.ask('generation.plan', { ...request, ...wish, prompt: asked });
    const steps = plan.stages.filter(({ kind }) => kind === 'denoise');
    const near = await studio.paint({ ...request, ...wish, prompt: asked });
    expect(near.summary.recipe).toMatchObject({
      prompt: first,
      changes: [{ prompt: asked }],
      approximations: { prompts: { begunAs: first } },
    });
    const { changes = [], approximations } = near.summary.recipe;
    const { step } = changes[0]!;
    // Of prompts as near as these, a part of the first four steps.
    expect(step).toBe(Math.round(4 * (1 - approximations!.prompts!.bits / 20)));
    expect(step).toBeGreaterThan(0);
    expect(steps.filter(({ runs }) => runs)).toHaveLength(10 - step);
    // It is the fork of the other picture that its recipe says it is.
    const fork = await studio.paint({
      ...request,
      prompt: first,
      changes: [{ step, prompt: asked }],
      fresh: true,
    });
    expect(Buffer.from(fork.raster.rgba).equals(near.raster.rgba)).toBe(true);

    const done = Promise.withResolvers<string>();
    const off = studio.on('generation.finished', ({ result }) => done.resolve(result.resultId));
    const { resultId } = near.summary;
    expect((await studio.ask('generation.exact', { resultId })).jobId).not.toBeNull();
    const exactId = await done.promise.finally(off);
    const exact = await studio.ask('generation.result', { resultId: exactId });
    const plain = await studio.paint({ ...request, prompt: asked, fresh: true });
    expect(Buffer.from(exact.raster.rgba).equals(plain.raster.rgba)).toBe(true);
    expect(exact.summary.recipe.approximations).toBeUndefined();
    const { difference } = await studio.ask('generation.compare', { original: exactId, again: resultId });
    const squares = plain.raster.rgba.reduce((sum, value, i) => sum + (value - near.raster.rgba[i]!) ** 2, 0);
    const psnr = 10 * Math.log10(255 ** 2 / (squares / ((3 * plain.raster.rgba.length) / 4)));
    expect(difference!.psnr).toBeCloseTo(psnr, 3);
    // With its own beginning kept, that is taken: nothing of it is approximate any more.
    const again = await studio.paint({ ...request, ...wish, prompt: asked });
    expect(again.summary.recipe.approximations).toBeUndefined();
    expect((await studio.ask('generation.exact', { resultId: again.summary.resultId })).jobId).toBeNull();
  },
);

test('other seeds, other settings and other prompts begin as nothing else did', async () => {
  const request = { ...PLAIN_REQUEST, seed: 78, width: 64, height: 64, steps: 5 };
  const wish = { approximations: { prompts: { bits: 15 } } };
  await studio.paint({ ...request, prompt: 'a small red fox in the deep snow at dawn, oil painting' });
  const near = { ...request, ...wish, prompt: 'a small red fox in the deep snow at noon, oil painting' };
  for (const other of [{ seed: 79 }, { guidance: 3 }, { prompt: 'nine ships on a green sea' }]) {
    const { summary } = await studio.paint({ ...near, ...other });
    expect(summary.recipe.approximations).toBeUndefined();
    expect(summary.recipe.changes).toBeUndefined();
  }
});
