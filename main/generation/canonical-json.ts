import { createHash } from 'node:crypto';

/**
 * JSON in the one form of RFC 8785: members sorted by UTF-16 code units at every depth, no white space, numbers as
 * ECMAScript writes them. Equal data gives equal text. `undefined` members are left out.
 *
 * @throws TypeError for what JSON cannot hold: NaN, infinities, functions, big integers.
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (typeof inner === 'number' && !Number.isFinite(inner)) {
      throw new TypeError(`${inner} has no JSON form`);
    }
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
  });
}

/** SHA-256 of {@link canonicalJson} in lower-case hexadecimal: a recipe's name. */
export function canonicalHash(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}
