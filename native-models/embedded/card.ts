import { EMBEDDED_EXAMPLES, EMBEDDED_SYNONYMS, EMBEDDED_WORDS } from './words.ts';

/**
 * What the studio tells people, and itself, about the model that ships with it. Every figure is checked against the files
 * in `model/` by a test. The honest account of what it can and cannot do is MODEL_CARD.md.
 */
export const EMBEDDED_CARD = {
  /** Name for people. */
  name: 'Embedded painter',
  /** Version of the weights; changes with every new set. */
  version: 3,
  /** One sentence for the model picker. */
  summary: 'A tiny painter of simple motifs that ships with Impasto. It knows about 230 words.',
  licence: 'Apache-2.0',
  /** Width and height in pixels the model was trained at. */
  nativeSize: 256,
  /** Width and height must be multiples of this many pixels. */
  sizeMultiple: 64,
  /** Pixels per latent cell, along one side. */
  latentFactor: 16,
  latentChannels: 16,
  /** Longest prompt in tokens, start and end tokens included. */
  maxTokens: 32,
  /** Weights counted one by one, over all three networks. */
  parameters: { textEncoder: 1_581_312, unet: 16_071_408, autoencoder: 3_950_563 },
  /** Size of `model/` on disk, in bytes. */
  bytes: 43_302_921,
  /** Settings a new prompt starts with. `sampler` names the scheduler the weights were trained for. */
  defaults: { steps: 20, guidance: 4.5, sampler: 'ddim', width: 256, height: 256 },
  words: EMBEDDED_WORDS,
  synonyms: EMBEDDED_SYNONYMS,
  examples: EMBEDDED_EXAMPLES,
} as const;
