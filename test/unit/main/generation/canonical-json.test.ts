import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { canonicalHash, canonicalJson } from '../../../../main/generation/canonical-json.ts';
import { exampleRecipe } from '../../../fixtures/recipe.ts';

test('writes the example of RFC 8785 §3.2.3 as the RFC does', () => {
  const example = JSON.parse(
    '{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],' +
      '"string":"\\u20ac$\\u000F\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\/","literals":[null,true,false]}',
  ) as unknown;
  expect(canonicalJson(example)).toBe(
    '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
      '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
  );
});

test('sorts by UTF-16 code units at every depth, as RFC 8785 §3.2.3 orders them', () => {
  const keys = ['\u20ac', '\r', '\ufb33', '1', '\ud83d\ude00', '\u0080', '\u00f6'];
  const text = canonicalJson({ inner: Object.fromEntries(keys.map((key) => [key, 0])) });
  const order = [...text.matchAll(/"((?:[^"\\]|\\.)*)":0/g)].map(
    (match) => JSON.parse(`"${match[1]}"`) as string,
  );
  expect(order).toEqual(['\r', '1', '\u0080', '\u00f6', '\u20ac', '\ud83d\ude00', '\ufb33']);
});

test('the order in which a recipe was put together does not change its hash', () => {
  const reversed = Object.fromEntries(Object.entries(exampleRecipe).toReversed());
  expect(canonicalHash(reversed)).toBe(canonicalHash(exampleRecipe));
  const text = canonicalJson(exampleRecipe);
  expect(canonicalHash(exampleRecipe)).toBe(createHash('sha256').update(text, 'utf8').digest('hex'));
  expect(canonicalHash({ ...exampleRecipe, seed: 1 })).not.toBe(canonicalHash(exampleRecipe));
});

test.each([Number.NaN, Infinity, -Infinity])('refuses %d', (value) => {
  expect(() => canonicalJson({ strength: value })).toThrow(TypeError);
});
