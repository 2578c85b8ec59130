import { expect, test } from 'vitest';
import { adapterOption, finiteNumber, wholeNumber } from '../../../../main/cli/parse-option.ts';

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
  ['0', 0],
  ['-3', -3],
  ['+7', 7],
  ['9007199254740991', Number.MAX_SAFE_INTEGER],
])('%s is a whole number', (text, value) => {
  expect(wholeNumber(text)).toBe(value);
});

test.each(['', ' ', '1.5', '1e3', '0x10', 'NaN', 'Infinity', '9007199254740993', '1 2'])(
  '"%s" is no whole number',
  (text) => {
    expect(() => wholeNumber(text)).toThrow('is not a whole number');
  },
);

test('numbers are finite', () => {
  expect(finiteNumber('-0.25')).toBe(-0.25);
  for (const text of ['', 'NaN', '-Infinity', 'half']) {
    expect(() => finiteNumber(text)).toThrow('is not a number');
  }
});
