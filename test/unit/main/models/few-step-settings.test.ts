import { expect, test } from 'vitest';
import { samplerMenu } from '../../../../main/generation/sampler-id.ts';
import { fewSteps } from '../../../../main/models/few-step-settings.ts';

const model = (
  file: string,
  { className = 'DDIMScheduler', guidanceDim = undefined as number | undefined } = {},
) =>
  fewSteps({
    path: `/models/${file}`,
    metadata: new Map(),
    unet: { config: { guidanceDim } },
    scheduler: { className },
  } as unknown as Parameters<typeof fewSteps>[0]);

test('models of a few steps are told by what they hold, their scheduler or their name', () => {
  expect(model('dreamshaper.safetensors', { guidanceDim: 256 })).toMatchObject({ kind: 'LCM' });
  expect(model('folder', { className: 'LCMScheduler' })?.defaults).toMatchObject({
    sampler: 'lcm',
    guidance: 1.5,
  });
  expect(model('sdxl_lightning_8step.safetensors')?.defaults).toEqual({
    sampler: 'euler-sgm-uniform',
    steps: 8,
    guidance: 1,
  });
  expect(model('sd_xl_turbo_1.0_fp16.safetensors')).toMatchObject({ kind: 'Turbo', defaults: { steps: 4 } });
  expect(model('Hyper-SDXL-1step.safetensors')?.defaults).toMatchObject({ sampler: 'tcd', steps: 1 });
  for (const plain of [
    'lcmonet.safetensors',
    'turbotastic.safetensors',
    'hyperion.safetensors',
    'v1-5.safetensors',
  ]) {
    expect(model(plain)).toBeUndefined();
  }
});

test('their samplers stand in the menu', () => {
  const ids = new Set(samplerMenu().map(({ id }) => id));
  for (const id of ['lcm', 'tcd', 'euler-sgm-uniform', 'euler-ancestral-sgm-uniform'])
    expect(ids.has(id)).toBe(true);
});
