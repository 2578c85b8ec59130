import { InvalidArgumentError } from 'commander';

/** Parses an option that is a whole number; anything else is a fault of usage. */
export function wholeNumber(text: string): number {
  const value = Number(text);
  if (!/^[+-]?\d+$/.test(text.trim()) || !Number.isSafeInteger(value)) {
    throw new InvalidArgumentError(`"${text}" is not a whole number.`);
  }
  return value;
}

/** Parses an option that is a finite number; anything else is a fault of usage. */
export function finiteNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value))
    throw new InvalidArgumentError(`"${text}" is not a number.`);
  return value;
}

/** An adapter file and how strongly it pulls. */
export interface AdapterOption {
  readonly path: string;
  readonly strength: number;
}

/**
 * Parses `PATH` or `PATH:STRENGTH` and adds it to those before. A colon that no number follows belongs to the path, as
 * in `C:\loras\ink.safetensors`.
 */
export function adapterOption(text: string, before: readonly AdapterOption[]): AdapterOption[] {
  const match = /^(.+):([+-]?(?:\d+\.?\d*|\.\d+))$/.exec(text);
  return [
    ...before,
    match ? { path: match[1] ?? '', strength: Number(match[2]) } : { path: text, strength: 1 },
  ];
}
