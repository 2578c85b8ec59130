import { expect, test } from 'vitest';
import {
  adapterOption,
  borders,
  controlnetOption,
  hiresOption,
  regionOption,
} from '../../../../main/cli/parse-inputs.ts';

test.each([
  ['ink.safetensors', 'ink.safetensors', 1],
  ['ink.safetensors:0.8', 'ink.safetensors', 0.8],
  ['ink.safetensors:-1', 'ink.safetensors', -1],
  ['ink.safetensors:.5', 'ink.safetensors', 0.5],
  ['C:\\loras\\ink.safetensors', 'C:\\loras\\ink.safetensors', 1],
  ['C:\\loras\\ink.safetensors:2', 'C:\\loras\\ink.safetensors', 2],
  ['a:b.safetensors:x', 'a:b.safetensors:x', 1],
])('an adapter written %s', (text, path, strength) => {
  expect(adapterOption(text, [])).toEqual([{ path, strength }]);
});

test('adapters add up in their order', () => {
  expect(adapterOption('b', adapterOption('a:0.5', []))).toEqual([
    { path: 'a', strength: 0.5 },
    { path: 'b', strength: 1 },
  ]);
});

test.each([
  ['ink.safetensors:0.8@left.png', { path: 'ink.safetensors', strength: 0.8, region: 'left.png' }],
  ['ink.safetensors@masks/a b.JPG', { path: 'ink.safetensors', strength: 1, region: 'masks/a b.JPG' }],
  ['ink.safetensors:2@0.25-.5', { path: 'ink.safetensors', strength: 2, start: 0.25, end: 0.5 }],
  ['a@b.st:0.8@0-1@m.webp', { path: 'a@b.st', strength: 0.8, start: 0, end: 1, region: 'm.webp' }],
  ['me@home/ink.safetensors', { path: 'me@home/ink.safetensors', strength: 1 }],
])('an adapter in its place or part, written %s', (text, option) => {
  expect(adapterOption(text, [])).toEqual([option]);
});

test('a ControlNet has a part of the run, no place', () => {
  expect(controlnetOption('canny:0.7@0-0.6', [])).toEqual([
    { path: 'canny', strength: 0.7, start: 0, end: 0.6 },
  ]);
  expect(() => controlnetOption('canny:0.7@mask.png', [])).toThrow('holds the whole picture');
  expect(() => controlnetOption('canny:0.7@0-7', [])).toThrow('"7" is no share');
});

test.each([
  ['left.png:a red house', { mask: 'left.png', prompt: 'a red house' }],
  ['C:\\m.png:a (red:1.2) house', { mask: 'C:\\m.png', prompt: 'a (red:1.2) house' }],
  ['left.png:a red house:0.5', { mask: 'left.png', prompt: 'a red house', weight: 0.5 }],
])('a region written %s', (text, option) => {
  expect(regionOption(text, [])).toEqual([option]);
});

test.each(['left.png', 'left.png:', 'a red house', ':a'])('"%s" is no region', (text) => {
  expect(() => regionOption(text, [])).toThrow('is not MASK.png:WORDS');
});

test('borders are four sides, one of them at least grown', () => {
  expect(borders('1,2,3,4')).toEqual({ left: 1, top: 2, right: 3, bottom: 4 });
  for (const text of ['1,2,3', '0,0,0,0', '-1,0,0,0', '1,2,3,4,5']) expect(() => borders(text)).toThrow();
});

test.each([
  ['2x', { scale: 2, strength: 0.35, method: 'lanczos' }],
  ['1.5x:0.6', { scale: 1.5, strength: 0.6, method: 'lanczos' }],
  ['2x:0.7:latent-linear', { scale: 2, strength: 0.7, method: 'latent-linear' }],
])('two passes written %s', (text, option) => {
  expect(hiresOption(text)).toEqual(option);
});

test.each(['2', '1x', '9x', '2x:2', '2x:0.5:sharp', 'x'])('"%s" is no second pass', (text) => {
  expect(() => hiresOption(text)).toThrow('is not SCALEx');
});
