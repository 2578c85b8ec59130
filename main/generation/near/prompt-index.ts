import { HammingIndex } from './hamming-index.ts';
import { hashPrompt } from './prompt-hash.ts';

/** A prompt that says nearly what another does. */
export interface NearPrompt {
  readonly prompt: string;
  /** Bits in which their hashes differ. */
  readonly distance: number;
}

/** Prompts by their hashes, each once. */
export interface PromptIndex {
  readonly add: (prompt: string) => void;
  /** Nearest first, the prompt itself among them. @param within 0 … 15 bits */
  readonly find: (prompt: string, within: number) => NearPrompt[];
}

/** An index in memory; prompts are few and short beside their pictures. */
export function createPromptIndex(prompts: readonly string[]): PromptIndex {
  const known = [...new Set(prompts)];
  const index = new HammingIndex(known.map(hashPrompt));
  const has = new Set(known);
  return {
    add(prompt) {
      if (has.has(prompt)) return;
      has.add(prompt);
      known.push(prompt);
      index.add(hashPrompt(prompt));
    },
    find: (prompt, within) =>
      index.find(hashPrompt(prompt), within).flatMap(({ entry, distance }) => {
        const near = known[entry];
        return near === undefined ? [] : [{ prompt: near, distance }];
      }),
  };
}
