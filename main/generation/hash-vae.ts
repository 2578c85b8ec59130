import { basename, extname } from 'node:path';
import { openVae } from '../../native-models/checkpoints/open-vae.ts';
import { hashParts } from './hash-parts.ts';

/** The hash of an autoencoder's file or folder. @throws ModelError when it is none */
export async function hashVae(path: string, hashFile: (path: string) => Promise<string>): Promise<string> {
  const { weights } = await openVae(path, 1);
  const files = new Set([...weights.entries()].map(([, { file }]) => file));
  return hashParts(path, [...files], hashFile);
}

/** A file's or folder's name as recipes show it. */
export function fileName(path: string): string {
  return basename(path, extname(path) === '.safetensors' ? '.safetensors' : '');
}
