import { z } from 'zod';
import { loadTokenizer } from '../../native-models/text/load-tokenizer.ts';
import { readReferenceJson } from './read-reference-json.ts';
import { compareRow, type VerifyRow } from './verify-row.ts';

const ids = z.array(z.number().int());
const fileSchema = z.array(z.object({ prompt: z.string(), ids, bpe: ids.optional() }));

/** Tokenizes every prompt of a reference. One id that differs is an error of 1: tokens are right or wrong. */
export async function* checkTokens(path: string): AsyncGenerator<VerifyRow> {
  const tokenizer = await loadTokenizer('clip');
  for (const { prompt, ids: expected, bpe } of await readReferenceJson(path, fileSchema)) {
    yield await compareRow(`tokens "${prompt.slice(0, 40)}"`, () => {
      const bare = [...tokenizer.encode(prompt).ids];
      const cut = bare.slice(0, tokenizer.maxLength - 2);
      const padding = Array<number>(tokenizer.maxLength - 2 - cut.length).fill(tokenizer.padId);
      const whole = [tokenizer.startId, ...cut, tokenizer.endId, ...padding];
      const same = equal(whole, expected) && (bpe === undefined || equal(bare, bpe));
      return same ? 0 : 1;
    });
  }
}

function equal(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((id, i) => id === b[i]);
}
