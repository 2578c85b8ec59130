import { InvalidArgumentError } from 'commander';
import type { GenerationRequest } from '../../preload/contract/index.ts';

/** Parses an option that is a whole number; anything else is a fault of usage. */
export function wholeNumber(text: string): number {
  const value = Number(text);
  if (!/^[+-]?\d+$/.test(text.trim())) throw new InvalidArgumentError(`"${text}" is not a whole number.`);
  if (!Number.isSafeInteger(value)) throw new InvalidArgumentError(`${text} is beyond 2^53 - 1.`);
  return value;
}

/** Parses an option that is a finite number; anything else is a fault of usage. */
export function finiteNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value))
    throw new InvalidArgumentError(`"${text}" is not a number.`);
  return value;
}

/** A parser of an option that is a number within a range; anything else is a fault of usage. */
export function numberBetween(low: number, high: number): (text: string) => number {
  return (text) => {
    const value = finiteNumber(text);
    if (value < low || value > high)
      throw new InvalidArgumentError(`${text} is not between ${low} and ${high}.`);
    return value;
  };
}

/** A parser of an option that is a whole number within a range; anything else is a fault of usage. */
export function wholeBetween(low: number, high: number): (text: string) => number {
  return (text) => {
    const value = wholeNumber(text);
    if (value < low || value > high)
      throw new InvalidArgumentError(`${text} is not between ${low} and ${high}.`);
    return value;
  };
}

/** Forms of computing that a person can ask for. */
export const PRECISIONS: readonly NonNullable<GenerationRequest['precision']>[] = [
  'auto',
  'fp32',
  'fp16',
  'int8',
  'int4',
];

/** Parses a factor above 0; anything else is a fault of usage. */
export function scaleFactor(text: string): number {
  const value = finiteNumber(text);
  if (value <= 0) throw new InvalidArgumentError(`${text} is not above 0.`);
  return value;
}

/** What can be done to a picture before a ControlNet sees it. */
export type Preparation = NonNullable<NonNullable<GenerationRequest['controls']>[number]['prepare']>;
export const PREPARATIONS: readonly Preparation[] = ['as-is', 'canny', 'lines'];

/** Parses one {@link PREPARATIONS} and adds it to those before. */
export function preparation(text: string, before: readonly Preparation[]): Preparation[] {
  const found = PREPARATIONS.find((name) => name === text);
  if (found === undefined) throw new InvalidArgumentError(`Allowed choices are ${PREPARATIONS.join(', ')}.`);
  return [...before, found];
}

/** Adds a value of a repeatable option to those before. */
export function collect(text: string, before: readonly string[]): string[] {
  return [...before, text];
}

/** Parses a quality of 1 to 100. */
export function quality(text: string): number {
  const value = wholeNumber(text);
  if (value < 1 || value > 100) throw new InvalidArgumentError(`"${text}" is not between 1 and 100.`);
  return value;
}

const NAMED_COLOURS: Readonly<Record<string, string>> = { white: 'ffffff', black: '000000', grey: '808080' };

/** Parses `white`, `black`, `grey` or `#rrggbb` to red, green, blue 0..255. */
export function backgroundColour(text: string): readonly number[] {
  const hex = NAMED_COLOURS[text.toLowerCase()] ?? /^#?([\da-f]{6})$/i.exec(text)?.[1];
  if (hex === undefined)
    throw new InvalidArgumentError(`"${text}" is no colour; use white, black, grey or #rrggbb.`);
  return [0, 2, 4].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
}

/** Parses where a run is forked: a step such as `12`, or a share such as `75%`. */
export function forkPlace(text: string): { step: number } | { share: number } {
  const share = /^(\d+(?:\.\d+)?)\s*%$/.exec(text.trim())?.[1];
  if (share === undefined) return { step: wholeNumber(text) };
  const value = Number(share) / 100;
  if (value > 1) throw new InvalidArgumentError(`${text} is not between 0% and 100%.`);
  return { share: value };
}
