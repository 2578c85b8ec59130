import { randomUUID } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import type { LayerError } from './layer-error.ts';
import type { QuantScheme } from './scheme.ts';

/** What a network in fewer bits loses, as measured here. */
export interface QuantisationReport {
  readonly scheme: QuantScheme;
  /** Identity of the checkpoint that was given. */
  readonly source: string;
  readonly component: string;
  /** Error of each layer by name. */
  readonly layers: Readonly<Record<string, LayerError>>;
  /** Layers that stay as they are stored, because they hold values that are no numbers. */
  readonly left: readonly string[];
  /** CRC-32 of the file of weights, in hexadecimal. */
  readonly checksum: string;
  /** ‖fp32 − this‖ / ‖fp32‖ of what the network says of the fixed input; null until it was measured. */
  readonly overall: number | null;
}

/** The report beside the weights; undefined where there is none, or one that cannot be read. */
export async function readReport(file: string): Promise<QuantisationReport | undefined> {
  try {
    const parsed: unknown = JSON.parse(await readFile(file, 'utf8'));
    return isReport(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** Writes the report whole, or not at all. */
export async function writeReport(file: string, report: QuantisationReport): Promise<void> {
  await replaceFile(file, async (write) => write(new TextEncoder().encode(`${JSON.stringify(report)}\n`)));
}

/**
 * Writes a file under a name of its own and gives it `target`'s name when it is whole and on the disk; a write that
 * fails leaves what was there.
 */
export async function replaceFile(
  target: string,
  fill: (write: (bytes: Uint8Array) => Promise<void>) => Promise<void>,
): Promise<void> {
  const part = `${target}.${randomUUID()}.part`;
  const file = await open(part, 'wx');
  try {
    try {
      await fill(async (bytes) => file.writeFile(bytes));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(part, target);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}

function isReport(value: unknown): value is QuantisationReport {
  if (typeof value !== 'object' || value === null) return false;
  const { layers, left, overall, scheme, checksum } = value as Record<string, unknown>;
  return (
    (scheme === 'int8' || scheme === 'int4') &&
    typeof layers === 'object' &&
    layers !== null &&
    typeof checksum === 'string' &&
    Array.isArray(left) &&
    (overall === null || typeof overall === 'number')
  );
}
