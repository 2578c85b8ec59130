import { createHash } from 'node:crypto';

/**
 * JSON in the one form of RFC 8785: members sorted by UTF-16 code units at every depth, no white space, numbers as
 * ECMAScript writes them. Equal data gives equal text. `undefined` members are left out.
 *
 * @throws TypeError for what JSON cannot hold: NaN, infinities, functions, big integers.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((entry) => canonicalJson(entry)).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    // Written member by member: an object built in order would still list integer-like names first.
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`);
    return `{${members.join(',')}}`;
  }
  const text = typeof value === 'number' && !Number.isFinite(value) ? undefined : JSON.stringify(value);
  if (text === undefined) throw new TypeError(`${String(value)} has no JSON form`);
  return text;
}

/** SHA-256 of {@link canonicalJson} in lower-case hexadecimal: a recipe's name. */
export function canonicalHash(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}
