import { encode, ExtData } from '@msgpack/msgpack';
import { describe, expect, test } from 'vitest';
import { findFrameFault } from '../../../../main/server/check-frame.ts';

const bytes = (...values: number[]): Uint8Array => new Uint8Array(values);

describe('findFrameFault', () => {
  const everyType = {
    small: 7,
    negative: -3,
    u8: 200,
    u16: 60_000,
    u32: 4_000_000_000,
    u64: Number.MAX_SAFE_INTEGER,
    i8: -100,
    i16: -30_000,
    i32: -2_000_000_000,
    i64: -(2 ** 40),
    float: 1.5,
    nan: Number.NaN,
    yes: true,
    no: false,
    nothing: null,
    text: 'é',
    text8: 'x'.repeat(100),
    text16: 'x'.repeat(300),
    text32: 'x'.repeat(70_000),
    bin8: new Uint8Array(3),
    bin16: new Uint8Array(300),
    bin32: new Uint8Array(70_000),
    list: [1, [2, [3]]],
    list16: Array.from({ length: 20 }, (_, i) => i),
    list32: Array.from({ length: 70_000 }, () => 0),
    map16: Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`k${i}`, i])),
  };

  test('accepts one value of every type', () => {
    for (const value of [...Object.values(everyType), everyType])
      expect(findFrameFault(encode(value))).toBeNull();
  });

  test('refuses the same frame cut short at any byte, and with a byte more', () => {
    const frame = encode({ ...everyType, text32: '', bin32: 0, list32: 0 });
    for (let length = 0; length < frame.length; length += 1) {
      expect(findFrameFault(frame.subarray(0, length)), `${length} bytes`).not.toBeNull();
    }
    expect(findFrameFault(bytes(...frame, 0xc0))).toBe('1 bytes follow its value');
  });

  test('refuses lengths that the frame cannot hold, before anything is allocated', () => {
    expect(findFrameFault(bytes(0xdd, 0xff, 0xff, 0xff, 0xff))).toMatch(/more values/);
    expect(findFrameFault(bytes(0xdf, 0xff, 0xff, 0xff, 0xff))).toMatch(/more values/);
    expect(findFrameFault(bytes(0xc6, 0xff, 0xff, 0xff, 0xff))).toMatch(/in the middle/);
    expect(findFrameFault(bytes(0xdb, 0x7f, 0xff, 0xff, 0xff))).toMatch(/in the middle/);
    // Each array alone fits into the rest of the frame; together they do not.
    const nested = new Uint8Array(300);
    for (let at = 0; at < nested.length; at += 3) nested.set([0xdc, 0x00, 0xc8], at);
    expect(findFrameFault(nested)).toMatch(/more values/);
  });

  test('refuses deep nesting, extensions and the byte that MessagePack never uses', () => {
    expect(findFrameFault(new Uint8Array(1000).fill(0x91))).toMatch(/deeper|middle/);
    expect(findFrameFault(encode(new ExtData(5, new Uint8Array(4))))).toMatch(/not allowed/);
    expect(findFrameFault(encode(new Date(0)))).toMatch(/not allowed/);
    expect(findFrameFault(bytes(0xc1))).toMatch(/not allowed/);
  });

  test('never throws on 20,000 random frames', () => {
    let seed = 1;
    const random = (): number => (seed = (seed * 48_271) % 2_147_483_647);
    for (let round = 0; round < 20_000; round += 1) {
      const frame = new Uint8Array(random() % 24).map(() => random());
      expect(() => findFrameFault(frame)).not.toThrow();
    }
  });
});
