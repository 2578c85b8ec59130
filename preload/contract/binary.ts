import { z } from 'zod';

/** Bytes as they cross the boundary: a view over one ArrayBuffer, never base64 and never an array of numbers. */
export const bytesSchema = z.custom<Uint8Array>((value) => value instanceof Uint8Array, 'expected bytes');

/** Content hash: SHA-256, lower-case hexadecimal. */
export const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/);
