import { createHash } from 'node:crypto';

const BITS = 64;

/**
 * The 64-bit SimHash of a prompt (Charikar 2002) over its words and pairs of neighbouring words, upper and lower case
 * alike: prompts that share most of their words differ in few bits. Words in brackets count as words.
 */
export function hashPrompt(prompt: string): bigint {
  const words = prompt.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const features = [...words, ...words.slice(1).map((word, i) => `${words[i] ?? ''} ${word}`)];
  const sums = new Int32Array(BITS);
  for (const feature of features) {
    const digest = createHash('sha256').update(feature).digest().readBigUInt64LE();
    for (let bit = 0; bit < BITS; bit++) {
      sums[bit] = (sums[bit] ?? 0) + ((digest >> BigInt(bit)) & 1n ? 1 : -1);
    }
  }
  return sums.reduce((hash, sum, bit) => (sum > 0 ? hash | (1n << BigInt(bit)) : hash), 0n);
}
