/** A JSON object. */
export type JsonRecord = Readonly<Record<string, unknown>>;

/** True for a JSON object, not an array. */
export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Parses JSON as other programs write it: Python's `NaN` and `Infinity` become null, and whole numbers that do not fit
 * a double keep their digits as text, since seeds of 64 bits are common. Undefined for what is no JSON.
 */
export function parseJson(text: string): unknown {
  const keepDigits = (_key: string, value: unknown, context?: { source?: string }): unknown =>
    typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)
      ? (context?.source ?? value)
      : value;
  try {
    return JSON.parse(text, keepDigits);
  } catch {
    // Strings are matched whole, so that words inside them stay as they are.
    const mended = text.replace(/"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g, (part) =>
      part.startsWith('"') ? part : 'null',
    );
    try {
      return JSON.parse(mended, keepDigits);
    } catch {
      return undefined;
    }
  }
}

/** A value of a file in words, cut where it grows long. */
export function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}… (${text.length} characters)` : text;
}

const MAX_SHOWN = 4000;

/** A number, written as one or as text; null for anything else and for what is not finite. */
export function toNumber(value: unknown): number | null {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}

/** A whole number that a double carries exactly; null for anything else. */
export function toWhole(value: unknown): number | null {
  const number = toNumber(value);
  return number !== null && Number.isSafeInteger(number) ? number : null;
}

/** Text, trimmed; null for anything else and for nothing. */
export function toText(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
}

/** Reads an object field by field and knows afterwards what nobody asked for. */
export class Fields {
  readonly #record: JsonRecord;
  readonly #read = new Set<string>();

  constructor(record: JsonRecord) {
    this.#record = record;
  }

  /** The first of these fields that there is and that is not null. All of them count as read. */
  value(...names: readonly string[]): unknown {
    for (const name of names) this.#read.add(name);
    const name = names.find((each) => Object.hasOwn(this.#record, each) && this.#record[each] !== null);
    return name === undefined ? undefined : this.#record[name];
  }

  text(...names: readonly string[]): string | null {
    return this.#understood(names, toText);
  }

  number(...names: readonly string[]): number | null {
    return this.#understood(names, toNumber);
  }

  whole(...names: readonly string[]): number | null {
    return this.#understood(names, toWhole);
  }

  /** What was not read, or was not what it was read as. Empty values say nothing. */
  rest(): { name: string; value: string }[] {
    return Object.entries(this.#record)
      .filter(([name, value]) => !this.#read.has(name) && value !== null && value !== '')
      .map(([name, value]) => ({ name, value: shown(value) }));
  }

  #understood<T>(names: readonly string[], convert: (value: unknown) => T | null): T | null {
    const value = this.value(...names);
    const converted = convert(value);
    if (value !== undefined && converted === null) for (const name of names) this.#read.delete(name);
    return converted;
  }
}
