import { expect, test } from 'vitest';
import { mapped } from '../../../../native-models/text/mapped-text.ts';
import { takeTags } from '../../../../native-models/text/prompt-tags.ts';
import { begunTag, loraTag, loraTags, replaceTag } from '../../../../renderer/generation/lora-tags.ts';

const PROMPTS = [
  'a cat <lora:ink:0.8>, <lora:two words> in snow',
  '<lyco:a:1:0.5><lora:b:te=0.5:unet=1>',
  '<lora::1> <lora:x:abc> <b> <lora:y:-0.5>',
  '<lora:z:> a < b > c',
];

test.each(PROMPTS)('reads the same tags as the studio does: %s', (prompt) => {
  const studio = takeTags(mapped(prompt)).loras;
  const page = loraTags(prompt);
  expect(page.map(({ name }) => name)).toEqual(studio.map(({ name }) => name));
  expect(page.map(({ strength }) => strength)).toEqual(studio.map(({ textStrength }) => textStrength));
  for (const { start, end } of page) expect(prompt.slice(start, end)).toMatch(/^<.*>$/);
});

test('a tag is written anew where it stands, and goes with one blank', () => {
  const prompt = 'a cat <lora:ink:0.8> in snow';
  const [tag] = loraTags(prompt);
  expect(replaceTag(prompt, tag!, loraTag('ink', -0.25))).toBe('a cat <lora:ink:-0.25> in snow');
  expect(replaceTag(prompt, tag!, '')).toBe('a cat in snow');
  expect(loraTag('ink', 1)).toBe('<lora:ink:1>');
});

test('a tag is begun by < alone, by its word, or by letters of a name, right before the caret', () => {
  expect(begunTag('a <', 3)).toEqual({ start: 2, typed: '' });
  expect(begunTag('a <lo', 5)).toEqual({ start: 2, typed: '' });
  expect(begunTag('a <lora:in', 10)).toEqual({ start: 2, typed: 'in' });
  expect(begunTag('a <lora:ink:1> b', 16)).toBeNull();
  expect(begunTag('a < b', 5)).toBeNull();
});
