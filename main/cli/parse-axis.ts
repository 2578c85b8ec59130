import { InvalidArgumentError } from 'commander';
import {
  GRID_CHANGES,
  GRID_SETTINGS,
  GRID_WORDS,
  type GridAxis,
  MAX_AXIS_VALUES,
} from '../../preload/contract/index.ts';
import { forkPlace } from './parse-option.ts';

/** Parses `guidance=3,5,7` or `noise@75%=1,2,3`; anything else is a fault of usage. */
export function gridAxis(text: string): GridAxis {
  const found = /^([a-z]+)(?:@([^=]+))?=(.+)$/s.exec(text);
  const [, name = '', place, list = ''] = found ?? [];
  const known: readonly string[] = place === undefined ? GRID_SETTINGS : GRID_CHANGES;
  const setting = [...GRID_SETTINGS, ...GRID_CHANGES].find((one) => one === name);
  if (setting === undefined || !known.includes(name)) {
    throw new InvalidArgumentError(`"${text}" is no axis; choose from ${known.join(', ')}.`);
  }
  const texts = list.split(/(?<!\\),/).map((value) => value.replaceAll('\\,', ',').trim());
  if (texts.length > MAX_AXIS_VALUES) {
    throw new InvalidArgumentError(`${texts.length} values; ${MAX_AXIS_VALUES} fit.`);
  }
  const values = GRID_WORDS.includes(name) ? texts : texts.map(numberIn(text));
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
