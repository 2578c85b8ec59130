import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { StudioError } from '../../preload/contract/index.ts';
import type { InferenceHost } from '../inference/host/inference-host.ts';
import { checkAdapters } from './check-adapters.ts';
import { checkModel } from './check-model.ts';
import { checkNoise } from './check-noise.ts';
import { checkSamplers } from './check-samplers.ts';
import { checkTokens } from './check-tokens.ts';
import { readReferenceJson } from './read-reference-json.ts';
import { compareRow, type VerifyRow } from './verify-row.ts';

const VECTORS = '-vectors.safetensors';
const FILES = {
  'noise.json': checkNoise,
  'clip_tokens.json': checkTokens,
  'samplers.json': checkSamplers,
  'adapters.safetensors': checkAdapters,
} as const;

/**
 * Runs everything that a reference folder holds, row by row.
 *
 * @param host runs the whole pictures, as it runs a user's.
 * @throws StudioError `verify/nothing-to-verify` when the folder holds no reference file.
 */
export async function* verifyReference(
  folder: string,
  host: Pick<InferenceHost, 'run'>,
): AsyncGenerator<VerifyRow> {
  const names = new Set(await readdir(folder).catch(() => []));
  const models = [...names]
    .filter((name) => name.endsWith(VECTORS))
    .map((name) => name.slice(0, -VECTORS.length));
  const files = Object.entries(FILES).filter(([name]) => names.has(name));
  if (files.length + models.length === 0) {
    throw new StudioError(
      'verify/nothing-to-verify',
      `${folder} holds none of ${Object.keys(FILES).join(', ')} and no NAME${VECTORS}.`,
      'Give the folder that holds the reference files.',
    );
  }
  for (const [name, check] of files) yield* orFailure(name, check(join(folder, name)));
  for (const name of models.toSorted((a, b) => (a < b ? -1 : 1))) {
    yield* orFailure(name, checkModel(folder, name, host));
  }
  for (const name of await withoutVectors(folder, [...names], models)) {
    const missing = new StudioError(
      'verify/reference-invalid',
      `There is no ${name}${VECTORS} to compare the model with.`,
      'Copy the reference folder again.',
    );
    yield await compareRow(name, () => Promise.reject(missing));
  }
}

/** Descriptions of models whose vectors are not there. Other JSON is nobody's business. */
async function withoutVectors(
  folder: string,
  names: readonly string[],
  models: readonly string[],
): Promise<string[]> {
  const stems = names.filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -'.json'.length));
  const alone = stems.filter((stem) => !models.includes(stem) && !(`${stem}.json` in FILES));
  const described = await Promise.all(
    alone.map((stem) =>
      readReferenceJson(join(folder, `${stem}.json`), modelSketch).then(
        () => true,
        () => false,
      ),
    ),
  );
  return alone.filter((_, i) => described[i]);
}

const modelSketch = z.object({ salt: z.number(), tensors: z.array(z.unknown()) });

/**
 * A file that cannot be read, or of which there is nothing to compare, is a row that failed, and no reason to leave out
 * the others.
 */
async function* orFailure(name: string, rows: AsyncGenerator<VerifyRow>): AsyncGenerator<VerifyRow> {
  let any = false;
  try {
    for await (const row of rows) {
      any = true;
      yield row;
    }
    if (!any) {
      throw new StudioError(
        'verify/reference-invalid',
        'It holds nothing to compare.',
        'Copy the reference folder again.',
      );
    }
  } catch (error) {
    yield await compareRow(name, () => Promise.reject(error as Error));
  }
}
