import { InvalidArgumentError } from 'commander';
import { forkPlace } from './parse-option.ts';

/** Settings that a grid can go over, from the beginning of a run or from a step on. */
const SETTINGS = ['seed', 'guidance', 'steps', 'sampler', 'prompt', 'negative', 'strength'] as const;
const CHANGES = ['noise', 'guidance', 'prompt', 'negative', 'steps'] as const;
const WORDS: ReadonlySet<string> = new Set(['sampler', 'prompt', 'negative']);
/** Most values of one axis. */
const MOST = 64;

/** One axis of a grid: a setting and its values. */
export interface GridAxis {
  readonly setting: (typeof SETTINGS)[number] | (typeof CHANGES)[number];
  /** Null: from the beginning. */
  readonly at: { readonly step: number } | { readonly share: number } | null;
  readonly values: readonly (string | number)[];
}

/** Parses `guidance=3,5,7` or `noise@75%=1,2,3`; anything else is a fault of usage. */
export function gridAxis(text: string): GridAxis {
  const found = /^([a-z]+)(?:@([^=]+))?=(.+)$/s.exec(text);
  const [, name = '', place, list = ''] = found ?? [];
  const known: readonly string[] = place === undefined ? SETTINGS : CHANGES;
  const setting = [...SETTINGS, ...CHANGES].find((one) => one === name);
  if (setting === undefined || !known.includes(name)) {
    throw new InvalidArgumentError(`"${text}" is no axis; choose from ${known.join(', ')}.`);
  }
  const texts = list.split(/(?<!\\),/).map((value) => value.replaceAll('\\,', ',').trim());
  if (texts.length > MOST) throw new InvalidArgumentError(`${texts.length} values; ${MOST} fit.`);
  const values = WORDS.has(name) ? texts : texts.map(numberIn(text));
  return { setting, at: place === undefined ? null : forkPlace(place), values };
}

function numberIn(axis: string): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text === '' || !Number.isFinite(value)) {
      throw new InvalidArgumentError(`"${text}" in ${axis} is not a number.`);
    }
    return value;
  };
}
