import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { openCheckpoint } from '../../../../native-models/checkpoints/open-checkpoint.ts';
import {
  readSafetensorsHeader,
  type SafetensorsHeader,
} from '../../../../native-models/checkpoints/safetensors.ts';
import { ModelError } from '../../../../native-models/errors.ts';
import { scratchFolder } from '../../../fixtures/scratch-folder.ts';
import { writeSparseCheckpoint } from '../../../fixtures/sparse-checkpoint.ts';

const folder = scratchFolder();

/** A repeatable sequence of numbers in 0…below (mulberry32). */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

const words = [
  '-1',
  '0',
  '1e999',
  '9007199254740993',
  '1152921504606846976',
  'null',
  '[]',
  '{}',
  '""',
  '"F16"',
  '"BF16"',
  '"I128"',
  'true',
  '0.5',
  '[1,[2]]',
];

/** The file with a few bytes flipped, cut, lengthened, or a number or word of its header replaced. */
function mutate(file: Uint8Array, random: (below: number) => number): Uint8Array {
  const headerLength = 8 + Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));
  const copy = Buffer.from(file);
  switch (random(5)) {
    case 0: {
      for (let i = 0; i <= random(4); i++) copy[random(headerLength)]! ^= 1 << random(8);
      return copy;
    }
    case 1:
      return copy.subarray(0, random(copy.length));
    case 2:
      copy.writeBigUInt64LE(BigInt(random(2 ** 31)) << BigInt(random(33)));
      return copy;
    case 3:
      return Buffer.concat([copy, Buffer.alloc(random(64))]);
    default: {
      const text = copy.subarray(8, headerLength).toString('latin1');
      const places = [...text.matchAll(/\d+|"[A-Z0-9]+"|\[[^\]]*\]/g)];
      const place = places[random(places.length)]!;
      const header = Buffer.from(
        text.slice(0, place.index) + words[random(words.length)]! + text.slice(place.index + place[0].length),
        'latin1',
      );
      const prefix = Buffer.alloc(8);
      prefix.writeBigUInt64LE(BigInt(header.length));
      return Buffer.concat([prefix, header, copy.subarray(headerLength)]);
    }
  }
}

/** Every tensor that was let through lies in the file and has as many bytes as its shape says. */
function expectSound(header: SafetensorsHeader): void {
  for (const { offset, length, shape } of header.tensors.values()) {
    expect(offset).toBeGreaterThanOrEqual(8);
    expect(offset + length).toBeLessThanOrEqual(header.fileBytes);
    expect(shape.every((n) => Number.isSafeInteger(n) && n >= 0)).toBe(true);
  }
}

async function resultOf<T>(open: () => Promise<T>): Promise<T | undefined> {
  const started = process.cpuUsage();
  try {
    return await open();
  } catch (error) {
    expect(error).toBeInstanceOf(ModelError);
    return undefined;
  } finally {
    // Its own time: others may keep the machine busy.
    const { user, system } = process.cpuUsage(started);
    expect((user + system) / 1000).toBeLessThan(1000);
  }
}

describe('mutated files', () => {
  it('of a few tensors give an error or a sound header, 3,000 times', async () => {
    const file = path.join(folder, 'few.safetensors');
    writeSparseCheckpoint(
      file,
      [
        ['a.weight', [4, 3, 3, 3]],
        ['a.bias', [4]],
        ['scalar', []],
        ['none', [0]],
      ],
      { format: 'pt' },
    );
    const original = readFileSync(file);
    const random = numbers(7);
    let opened = 0;
    for (let i = 0; i < 3000; i++) {
      writeFileSync(file, mutate(original, random));
      const header = await resultOf(() => readSafetensorsHeader(file));
      if (header === undefined) continue;
      opened++;
      expectSound(header);
    }
    expect(opened).toBeGreaterThan(300);
    expect(opened).toBeLessThan(2700);
  });

  it('of a checkpoint give an error or a checkpoint, 300 times', async () => {
    const fixtures = path.resolve(import.meta.dirname, '../../../fixtures');
    const keys = JSON.parse(readFileSync(path.join(fixtures, 'sd1-single-file-keys.json'), 'utf8')) as [
      string,
      number[],
    ][];
    const file = path.join(folder, 'checkpoint.safetensors');
    writeSparseCheckpoint(file, keys);
    const original = readFileSync(file);
    const random = numbers(11);
    let refused = 0;
    for (let i = 0; i < 300; i++) {
      writeFileSync(file, mutate(original, random));
      if ((await resultOf(() => openCheckpoint(file))) === undefined) refused++;
    }
    expect(refused).toBeGreaterThan(50);
  });
});
