import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { z } from 'zod';
import { StudioError } from '../../preload/contract/index.ts';

/**
 * Reads a JSON file of a reference folder.
 *
 * @throws StudioError `verify/reference-invalid` when it is not what its name promises.
 */
export async function readReferenceJson<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
): Promise<z.output<Schema>> {
  let json: unknown;
  try {
    json = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw invalid(path, error instanceof Error ? error.message : String(error));
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw invalid(path, `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'another shape'}`);
}

function invalid(path: string, why: string): StudioError {
  return new StudioError(
    'verify/reference-invalid',
    `${basename(path)} is not a reference file (${why}).`,
    'Copy the reference folder again.',
  );
}
