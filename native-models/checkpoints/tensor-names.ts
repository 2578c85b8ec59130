import type { SafetensorsHeader } from './safetensors.ts';
import { tensorRef, type TensorRef } from './weights.ts';

/** The tensors whose keys start with `prefix`, without it. */
export function withoutPrefix(header: SafetensorsHeader, prefix: string): Map<string, TensorRef> {
  const tensors = new Map<string, TensorRef>();
  for (const [key, stored] of header.tensors) {
    if (key.startsWith(prefix)) tensors.set(key.slice(prefix.length), tensorRef(key, header, stored));
  }
  return tensors;
}

/** Tensors under the names that `renamed` gives theirs; the others are left out. */
export function renameTensors(
  tensors: ReadonlyMap<string, TensorRef>,
  renamed: ReadonlyMap<string, string>,
): Map<string, TensorRef> {
  const result = new Map<string, TensorRef>();
  for (const [from, to] of renamed) {
    const tensor = tensors.get(from);
    if (tensor !== undefined) result.set(to, tensor);
  }
  return result;
}
