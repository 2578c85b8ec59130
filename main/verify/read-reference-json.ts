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
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    throw invalid(missing ? `There is no ${basename(path)}.` : `${basename(path)} cannot be read.`);
  });
  return parseReference(text, basename(path), schema);
}

/**
 * Reads JSON that a file of a reference folder holds.
 *
 * @param what it is, to begin a sentence with
 * @throws StudioError `verify/reference-invalid` when it is not what it should be.
 */
export function parseReference<Schema extends z.ZodType>(
  text: string,
  what: string,
  schema: Schema,
): z.output<Schema> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw invalid(`${what} is not a reference file (${error instanceof Error ? error.message : 'no JSON'}).`);
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where = issue === undefined || issue.path.length === 0 ? '' : `${issue.path.join('.')}: `;
  throw invalid(`${what} is not a reference file (${where}${issue?.message ?? 'another shape'}).`);
}

function invalid(message: string): StudioError {
  return new StudioError('verify/reference-invalid', message, 'Copy the reference folder again.');
}
