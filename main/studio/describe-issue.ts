import type { z } from 'zod';

/**
 * One schema fault in plain words, with the value that did not fit: `width is 100000; at most 4096 fits`.
 *
 * @param params what was parsed, to name the value at fault.
 */
export function describeIssue(issue: z.core.$ZodIssue, params: unknown): string {
  const where = issue.path.length === 0 ? 'the request' : issue.path.join('.');
  const value = valueAt(params, issue.path);
  switch (issue.code) {
    case 'too_big':
      return `${where} ${measure(value)}; at most ${String(issue.maximum)} fits`;
    case 'too_small':
      return `${where} ${measure(value)}; at least ${String(issue.minimum)} is needed`;
    case 'invalid_type':
      return `${where} ${measure(value)}; ${expectedKind(issue.expected)} is needed`;
    case 'invalid_value':
      return `${where} ${measure(value)}; one of ${issue.values.map(String).join(', ')} is needed`;
    case 'unrecognized_keys':
      return `${where} has unknown fields ${issue.keys.slice(0, 5).join(', ')}`;
    case 'custom':
    case 'invalid_element':
    case 'invalid_format':
    case 'invalid_key':
    case 'invalid_union':
    case 'not_multiple_of':
      return `${where}: ${issue.message}`;
  }
}

function valueAt(params: unknown, path: readonly PropertyKey[]): unknown {
  let value = params;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Reflect.get(value, key);
  }
  return value;
}

function measure(value: unknown): string {
  if (value === undefined) return 'is missing';
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return `is ${String(value)}`;
  if (typeof value === 'string') {
    return value.length > 64 ? `has ${value.length} characters` : `is "${value}"`;
  }
  if (Array.isArray(value)) return `has ${value.length} entries`;
  return `is of type ${value instanceof Uint8Array ? 'bytes' : typeof value}`;
}

function expectedKind(expected: string): string {
  if (expected === 'int') return 'a whole number';
  return `${/^[aeiou]/.test(expected) ? 'an' : 'a'} ${expected}`;
}
