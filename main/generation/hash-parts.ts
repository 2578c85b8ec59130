import { createHash } from 'node:crypto';
import { extname, join, relative, sep } from 'node:path';

/** The hash of the one file, or of a folder's weights and settings as `sha256sum` would list them. */
export async function hashParts(
  path: string,
  files: readonly string[],
  hashFile: (path: string) => Promise<string>,
): Promise<string> {
  const [only] = files;
  if (only !== undefined && extname(path) === '.safetensors') return hashFile(only);
  const lines: string[] = [];
  for (const file of [join(path, 'config.json'), ...files]) {
    lines.push(`${await hashFile(file)}  ${relative(path, file).split(sep).join('/')}\n`);
  }
  return createHash('sha256').update(lines.toSorted().join('')).digest('hex');
}
