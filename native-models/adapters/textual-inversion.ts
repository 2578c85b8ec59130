import { ModelError } from '../errors.ts';
import { type AdapterSource, readValues } from './adapter-source.ts';
import type { Tensor } from './tensor.ts';

/** Word vectors of a textual inversion (Gal et al. 2022), by text encoder. */
export interface TextualInversion {
  /** Vectors; in a prompt the name takes as many tokens. */
  readonly length: number;
  /** [length, 768] for CLIP-L (also SD 1.x), or [length, 1024] for SD 2.x. */
  readonly first: Tensor | null;
  /** [length, 1280] for OpenCLIP-G, SDXL's second text encoder. */
  readonly second: Tensor | null;
  /** The family that the widths tell. */
  readonly family: 'SD 1.x' | 'SD 2.x' | 'SDXL' | 'other';
  /** The word that the file says it was trained for, if it does. */
  readonly token: string | null;
}

const MOST_VECTORS = 75;
const MOST_WIDTH = 8192;
/** Tensor names that stand for SDXL's encoders, by program. */
const FIRST_NAMES = new Set(['clip_l', 'text_encoders_0']);
const SECOND_NAMES = new Set(['clip_g', 'text_encoders_1']);
/** A1111's name; older and other files name the tensor after their word. */
const PLAIN_NAME = 'emb_params';

function family(first: Tensor | null, second: Tensor | null): TextualInversion['family'] {
  if (second) return 'SDXL';
  const width = first?.shape[1];
  if (width === 768) return 'SD 1.x';
  return width === 1024 ? 'SD 2.x' : 'other';
}

function refuse(message: string): ModelError {
  return new ModelError('adapter-unsupported', message, 'Get the embedding again, or one for this model.');
}

async function readVectors(source: AdapterSource, name: string): Promise<Tensor> {
  const shape = source.tensors.get(name)?.shape ?? [];
  const [rows = 0, width = 0] = shape.length === 1 ? [1, ...shape] : shape;
  if (shape.length > 2 || rows < 1 || rows > MOST_VECTORS || width < 1 || width > MOST_WIDTH) {
    throw refuse(`The embedding's ${name} is [${shape.join(', ')}], where 1 to ${MOST_VECTORS} vectors fit.`);
  }
  return { shape: [rows, width], values: (await readValues(source, name)).values };
}

/**
 * Reads a textual inversion: A1111's `emb_params`, `clip_l` with `clip_g` for SDXL, or a single tensor
 * named after its word, as diffusers saves it.
 *
 * @throws ModelError `adapter-unsupported` if it holds no vectors, too many, or values that are no
 *   numbers.
 */
export async function readTextualInversion(source: AdapterSource): Promise<TextualInversion> {
  const names = [...source.tensors.keys()];
  const named = (set: ReadonlySet<string>): string | undefined => names.find((name) => set.has(name));
  const secondName = named(SECOND_NAMES);
  const single = names.length === 1 ? names[0] : undefined;
  const firstName =
    named(FIRST_NAMES) ??
    names.find((name) => name === PLAIN_NAME) ??
    (secondName === undefined ? single : undefined);
  if (firstName === undefined && secondName === undefined) {
    throw refuse('The file holds no word vectors under a known name.');
  }
  const first = firstName === undefined ? null : await readVectors(source, firstName);
  const second = secondName === undefined ? null : await readVectors(source, secondName);
  const length = first?.shape[0] ?? second?.shape[0] ?? 0;
  if (first && second && first.shape[0] !== second.shape[0]) {
    throw refuse(
      `The embedding has ${first.shape[0]} vectors for one text encoder and ${second.shape[0]} for the other.`,
    );
  }
  const isWord = firstName !== undefined && firstName !== PLAIN_NAME && !FIRST_NAMES.has(firstName);
  return { length, first, second, family: family(first, second), token: isWord ? firstName : null };
}
