import { expect, test } from 'vitest';
import type { VaeConfig } from '../../../../../native-models/checkpoints/component-configs.ts';
import { toDecoderScale, toDenoiserScale } from '../../../../../main/inference/stages/latent-scale.ts';

const config: VaeConfig = {
  imageChannels: 3,
  latentChannels: 2,
  channels: [8],
  layersPerBlock: 1,
  normGroups: 1,
  scalingFactor: 0.5,
  shiftFactor: 0,
  latentsMean: undefined,
  latentsStd: undefined,
  quantConv: false,
  postQuantConv: false,
  middleAttention: true,
};

test('a scaling factor multiplies on the way to the denoiser and divides on the way back', () => {
  expect([...toDenoiserScale(Float32Array.of(2, 4, -2, 0), config)]).toEqual([1, 2, -1, 0]);
  expect([...toDecoderScale(Float32Array.of(1, 2, -1, 0), config)]).toEqual([2, 4, -2, 0]);
});

test('a shift is taken off before scaling', () => {
  const shifted = { ...config, shiftFactor: 1 };
  expect([...toDenoiserScale(Float32Array.of(2, 4, -2, 0), shifted)]).toEqual([0.5, 1.5, -1.5, -0.5]);
  expect([...toDecoderScale(Float32Array.of(0.5, 1.5, -1.5, -0.5), shifted)]).toEqual([2, 4, -2, 0]);
});

test('statistics act channel by channel', () => {
  const statistics = { ...config, latentsMean: [1, -1], latentsStd: [2, 4] };
  // diffusers: (z - mean) * scaling_factor / std
  expect([...toDenoiserScale(Float32Array.of(3, 5, 7, -1), statistics)]).toEqual([0.5, 1, 1, 0]);
  expect([...toDecoderScale(Float32Array.of(0.5, 1, 1, 0), statistics)]).toEqual([3, 5, 7, -1]);
});
