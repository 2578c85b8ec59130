import { fixedDimension } from '../../../native-models/checkpoints/onnx-signature.ts';
import type { Feed, Network } from '../sessions/network.ts';

/** One input of a network with a row for each picture or prompt of a batch, or one value for all of them. */
export interface RowFeed {
  /** All rows, one after another. */
  readonly data: Float32Array | BigInt64Array;
  /** Of one row; undefined for an input whose shape the batch does not touch. */
  readonly row: readonly number[] | undefined;
  /** The whole shape, where `row` is undefined. */
  readonly shape?: readonly number[];
}

/**
 * Runs an exported network over a batch. Where the graph fixes its batch, rows go through in groups of that size, the
 * last one filled up with its last row.
 *
 * @param batchInput the input whose first axis says how many rows the graph takes
 * @returns outputs by name, rows one after another
 */
export async function runRows(
  network: Network,
  batchInput: string,
  rows: number,
  feeds: Readonly<Record<string, RowFeed>>,
): Promise<ReadonlyMap<string, Float32Array>> {
  const group = fixedDimension(network.inputs.get(batchInput), 0) ?? rows;
  const parts: ReadonlyMap<string, Float32Array>[] = [];
  for (let from = 0; from < rows; from += group) {
    const given: Record<string, Feed> = {};
    for (const [name, { data, row, shape }] of Object.entries(feeds)) {
      given[name] =
        row === undefined
          ? { data, shape: shape ?? [] }
          : { data: takeRows(data, rows, from, group), shape: [group, ...row] };
    }
    const outputs = await network.run(given);
    const kept = Math.min(group, rows - from);
    parts.push(
      new Map(
        [...outputs].map(([name, values]) => [name, values.subarray(0, (values.length / group) * kept)]),
      ),
    );
  }
  const [first] = parts;
  if (first === undefined || parts.length === 1) return first ?? new Map<string, Float32Array>();
  return new Map([...first.keys()].map((name) => [name, joined(parts.map((part) => part.get(name)))]));
}

function takeRows<T extends Float32Array | BigInt64Array>(
  data: T,
  rows: number,
  from: number,
  count: number,
): T {
  const length = data.length / rows;
  if (from === 0 && count === rows) return data;
  const taken = data.slice(0, 0) as T;
  const all = new (taken.constructor as new (length: number) => T)(length * count);
  for (let i = 0; i < count; i += 1) {
    const row = Math.min(from + i, rows - 1);
    all.set(data.subarray(row * length, (row + 1) * length) as never, i * length);
  }
  return all;
}

function joined(parts: readonly (Float32Array | undefined)[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, part) => sum + (part?.length ?? 0), 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part ?? [], at);
    at += part?.length ?? 0;
  }
  return whole;
}
