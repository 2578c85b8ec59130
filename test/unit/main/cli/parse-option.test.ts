import { expect, test } from 'vitest';
import { finiteNumber, wholeNumber } from '../../../../main/cli/parse-option.ts';

test.each([
  ['0', 0],
  ['-3', -3],
  ['+7', 7],
  ['9007199254740991', Number.MAX_SAFE_INTEGER],
])('%s is a whole number', (text, value) => {
  expect(wholeNumber(text)).toBe(value);
});

test.each(['', ' ', '1.5', '1e3', '0x10', 'NaN', 'Infinity', '1 2'])('"%s" is no whole number', (text) => {
  expect(() => wholeNumber(text)).toThrow('is not a whole number');
});

test('a whole number that a double cannot hold is told as too large', () => {
  expect(() => wholeNumber('9007199254740993')).toThrow('9007199254740993 is beyond 2^53 - 1.');
});

test('numbers are finite', () => {
  expect(finiteNumber('-0.25')).toBe(-0.25);
  for (const text of ['', 'NaN', '-Infinity', 'half']) {
    expect(() => finiteNumber(text)).toThrow('is not a number');
  }
});
