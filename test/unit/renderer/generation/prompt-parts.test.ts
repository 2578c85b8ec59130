import { describe, expect, test } from 'vitest';
import { countTokens } from '../../../../native-models/text/encode-prompt.ts';
import { loadTokenizer } from '../../../../native-models/text/load-tokenizer.ts';
import { promptOverflow, withBreak } from '../../../../renderer/generation/prompt-parts.ts';

describe('text 17: a prompt that is longer than a model reads at once', async () => {
  const clip = await loadTokenizer('clip');
  const bordersOf = (text: string) => ({ borders: [...countTokens(clip, text, { steps: 20 }).borders] });
  const words = Array.from({ length: 80 }, () => 'cat').join(' ');

  test('tells how many words go into the next part', () => {
    expect(promptOverflow('a cat', bordersOf('a cat'))).toBeNull();
    const over = promptOverflow(words, bordersOf(words));
    expect(over?.words).toBe(5);
    expect(words.slice(over?.start).match(/cat/g)).toHaveLength(5);
  });

  test('says nothing of a part that BREAK begins', () => {
    expect(promptOverflow('a cat BREAK a dog', bordersOf('a cat BREAK a dog'))).toBeNull();
  });

  test('puts BREAK there, and has nothing more to say', () => {
    const over = promptOverflow(words, bordersOf(words));
    const parted = over && withBreak(words, over);
    expect(parted?.replace(' BREAK ', ' ')).toBe(words);
    expect(parted && promptOverflow(parted, bordersOf(parted))).toBeNull();
  });

  test('never parts a word, and keeps no comma in front', () => {
    expect(withBreak('red lighthouse', { start: 9, words: 1 })).toBe('red BREAK lighthouse');
    expect(withBreak('red, lighthouse', { start: 3, words: 1 })).toBe('red BREAK lighthouse');
    expect(withBreak('lighthouse', { start: 5, words: 1 })).toBe('light BREAK house');
  });
});
