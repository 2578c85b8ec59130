import { expect, test } from 'vitest';
import { countEvaluations } from '../../../../main/generation/count-evaluations.ts';
import { samplerId, samplerMenu } from '../../../../main/generation/sampler-id.ts';

test.each([
  ['DDIM', 'ddim'],
  ['Euler a', 'euler-ancestral'],
  ['k_euler_ancestral', 'euler-ancestral'],
  ['DPM++ 2M Karras', 'dpmpp-2m-karras'],
  ['dpmpp_2m_karras', 'dpmpp-2m-karras'],
  ['DPM++ 2M SDE Exponential', 'dpmpp-2m-sde-exponential'],
  ['DPM++ 2M SDE Heun', 'dpmpp-2m-sde-heun'],
  ['PLMS', 'pndm'],
])('%s is written %s in a recipe', (text, id) => {
  expect(samplerId(text)).toBe(id);
  expect(samplerId(id)).toBe(id);
});

test('an unknown sampler is refused by name', () => {
  expect(() => samplerId('magic')).toThrow('magic');
});

test('every entry of the menu is its own spelling and can be counted', () => {
  const menu = samplerMenu();
  expect(new Set(menu.map(({ id }) => id)).size).toBe(menu.length);
  for (const { id } of menu) {
    expect(samplerId(id)).toBe(id);
    const run = { sampler: id, steps: 8, guidance: 7, strength: null };
    expect(countEvaluations(run)).toMatchObject({ guided: true });
    expect(countEvaluations(run).total).toBeGreaterThanOrEqual(16);
  }
});

test('a run from a picture has fewer steps, as diffusers counts them', () => {
  const run = { sampler: 'ddim', steps: 20, guidance: 1 };
  expect(countEvaluations({ ...run, strength: 0.6 })).toMatchObject({ steps: 12, total: 12, guided: false });
  expect(countEvaluations({ ...run, strength: 1 })).toMatchObject({ steps: 20, total: 20, guided: false });
  expect(countEvaluations({ ...run, strength: 0 })).toMatchObject({ steps: 0, total: 0, guided: false });
});
