import { totalmem } from 'node:os';

/** Main memory that this process may use, in bytes; less than the machine's in a container. */
export function usableMemory(): number {
  const limit = process.constrainedMemory();
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}
