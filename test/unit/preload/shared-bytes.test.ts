import { describe, expect, it } from 'vitest';
import { answerFrame, readRequestFrame } from '../../../main/server/frames.ts';
import { Repeat, restoreBytes, shareBytes } from '../../../preload/contract/index.ts';
import { packRequest, readFrame } from '../../../renderer/bridge/frames.ts';

const tile = new Uint8Array(4096).fill(255);
const other = new Uint8Array(4096).fill(7);
const changes = [
  { type: 'tiles', layerId: 'a', tiles: Array.from({ length: 300 }, (_, x) => ({ x, y: 0, data: tile })) },
  {
    type: 'tiles',
    layerId: 'b',
    tiles: [
      { x: 0, y: 0, data: other },
      { x: 1, y: 0, data: tile },
    ],
  },
];

describe('byte arrays that repeat in a message', () => {
  it('travel once from the page to the studio, and are one array there', () => {
    const frame = packRequest(1, 0, 'documents.commit', { label: 'Fill', changes });
    expect(frame.byteLength).toBeLessThan(2 * 4096 + 12_000);
    const { params } = readRequestFrame(frame) as { params: { label: string; changes: typeof changes } };
    expect(params.label).toBe('Fill');
    expect(params.changes).toEqual(changes);
    const [first, second] = params.changes;
    expect(first!.tiles[299]!.data).toBe(first!.tiles[0]!.data);
    expect(second!.tiles[1]!.data).toBe(first!.tiles[0]!.data);
    expect(second!.tiles[0]!.data).not.toBe(first!.tiles[0]!.data);
  });

  it('travel once from the studio to the page', () => {
    const frame = answerFrame(4, { ok: true, value: changes[0]!.tiles });
    expect(frame.byteLength).toBeLessThan(4096 + 12_000);
    const read = readFrame(Uint8Array.from(frame).buffer);
    if (read.kind !== 'answer' || !read.envelope.ok) throw new Error('no answer');
    expect(read.envelope.value).toEqual(changes[0]!.tiles);
  });

  it('are left as they are where none repeats', () => {
    const message = { a: [tile, other], b: null, c: 1, d: undefined };
    expect(shareBytes(message)).toBe(message);
  });

  it('cannot be pointed to before they come', () => {
    expect(() => restoreBytes({ a: new Repeat(0), b: tile })).toThrow(RangeError);
    expect(() => restoreBytes([tile, new Repeat(1)])).toThrow(RangeError);
  });
});
