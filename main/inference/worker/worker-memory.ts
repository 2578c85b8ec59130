import type { Tokenizer } from '../../../native-models/text/tokenizer.ts';
import type { NetworkCache } from '../sessions/network-cache.ts';
import type { Batcher } from '../stages/batcher.ts';
import type { EncodingMemory } from '../stages/encode-changed.ts';
import type { LoadedAdapter } from '../stages/load-adapter.ts';
import type { DecoderExperience } from '../stages/preview.ts';
import type { OpenedModels } from './opened-models.ts';

/** What stays in the worker between jobs. */
export interface WorkerMemory {
  readonly networks: NetworkCache;
  readonly models: OpenedModels;
  /** By the identity of the model. */
  readonly decoders: Map<string, DecoderExperience>;
  /** By their file and model. */
  readonly adapters: Map<string, LoadedAdapter>;
  /** By their folder. */
  readonly tokenizers: Map<string, Tokenizer>;
  readonly encoded: EncodingMemory;
  /** What the jobs that run side by side evaluate together. */
  readonly batcher: Batcher;
}
