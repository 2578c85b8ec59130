const PARTS = 4;
const PART_BITS = 16;
const BUCKETS = 1 << PART_BITS;
/** New entries are looked through one by one until there are so many, as a share of the sorted ones. */
const TAIL_SHARE = 0.05;
const LEAST_TAIL = 1024;

/** An entry near the one that was asked for. */
export interface NearHash {
  /** The number that `add` gave the entry. */
  readonly entry: number;
  /** Bits in which it differs, 0 … 64. */
  readonly distance: number;
}

/**
 * 64-bit hashes, found by how many bits they differ in. Multi-index hashing (Norouzi, Punjani and Fleet 2012, "Fast
 * Search in Hamming Space with Multi-Index Hashing"): hashes are cut into four parts of 16 bits; where two differ in at
 * most r bits, some part differs in at most ⌊r / 4⌋, so that only entries which share such a part are compared. Exact.
 */
export class HammingIndex {
  /** Lower and upper half of each hash. */
  #low: Uint32Array;
  #high: Uint32Array;
  #count = 0;
  /** Entries in buckets: those before this number. */
  #sorted = 0;
  /** For each part, where each bucket begins among its entries. */
  #starts: Uint32Array[] = [];
  #entries: Uint32Array[] = [];

  constructor(hashes: readonly bigint[] = []) {
    this.#low = new Uint32Array(Math.max(16, hashes.length));
    this.#high = new Uint32Array(Math.max(16, hashes.length));
    for (const hash of hashes) this.#put(hash);
    this.#sort();
  }

  get count(): number {
    return this.#count;
  }

  /** Adds a hash. @returns its number: 0, 1, 2 … in the order of calls. */
  add(hash: bigint): number {
    const entry = this.#put(hash);
    if (this.#count - this.#sorted > Math.max(LEAST_TAIL, this.#sorted * TAIL_SHARE)) this.#sort();
    return entry;
  }

  /** Every entry that differs in at most `within` bits, nearest first. @param within 0 … 15 */
  find(hash: bigint, within: number): NearHash[] {
    const low = Number(hash & 0xffff_ffffn);
    const high = Number((hash >> 32n) & 0xffff_ffffn);
    const found = new Map<number, number>();
    const look = (entry: number): void => {
      const distance = ones((this.#low[entry] ?? 0) ^ low) + ones((this.#high[entry] ?? 0) ^ high);
      if (distance <= within) found.set(entry, distance);
    };
    for (let part = 0; part < PARTS && this.#sorted > 0; part++) {
      const starts = this.#starts[part] ?? new Uint32Array();
      const entries = this.#entries[part] ?? new Uint32Array();
      const own = partOf(low, high, part);
      for (const flipped of flips(Math.floor(within / PARTS))) {
        const bucket = own ^ flipped;
        const end = starts[bucket + 1] ?? 0;
        for (let i = starts[bucket] ?? 0; i < end; i++) look(entries[i] ?? 0);
      }
    }
    for (let entry = this.#sorted; entry < this.#count; entry++) look(entry);
    return [...found]
      .map(([entry, distance]) => ({ entry, distance }))
      .toSorted((a, b) => a.distance - b.distance || a.entry - b.entry);
  }

  #put(hash: bigint): number {
    if (this.#count === this.#low.length) {
      this.#low = grown(this.#low);
      this.#high = grown(this.#high);
    }
    this.#low[this.#count] = Number(hash & 0xffff_ffffn);
    this.#high[this.#count] = Number((hash >> 32n) & 0xffff_ffffn);
    this.#count += 1;
    return this.#count - 1;
  }

  /** Puts all entries into buckets, by counting. */
  #sort(): void {
    this.#sorted = this.#count;
    this.#starts = [];
    this.#entries = [];
    for (let part = 0; part < PARTS; part++) {
      const starts = new Uint32Array(BUCKETS + 1);
      for (let entry = 0; entry < this.#count; entry++) {
        const bucket = partOf(this.#low[entry] ?? 0, this.#high[entry] ?? 0, part);
        starts[bucket + 1] = (starts[bucket + 1] ?? 0) + 1;
      }
      for (let bucket = 0; bucket < BUCKETS; bucket++) {
        starts[bucket + 1] = (starts[bucket + 1] ?? 0) + (starts[bucket] ?? 0);
      }
      const next = starts.slice();
      const entries = new Uint32Array(this.#count);
      for (let entry = 0; entry < this.#count; entry++) {
        const bucket = partOf(this.#low[entry] ?? 0, this.#high[entry] ?? 0, part);
        const at = next[bucket] ?? 0;
        entries[at] = entry;
        next[bucket] = at + 1;
      }
      this.#starts.push(starts);
      this.#entries.push(entries);
    }
  }
}

function partOf(low: number, high: number, part: number): number {
  const half = part < 2 ? low : high;
  return part % 2 === 0 ? half & 0xffff : half >>> 16;
}

/** Bits that are set in a 32-bit number (Warren, "Hacker's Delight", §5-1). */
function ones(value: number): number {
  let bits = value - ((value >>> 1) & 0x5555_5555);
  bits = (bits & 0x3333_3333) + ((bits >>> 2) & 0x3333_3333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24;
}

const knownFlips = new Map<number, readonly number[]>();

/** Every number of 16 bits with at most so many of them set. */
function flips(most: number): readonly number[] {
  const known = knownFlips.get(most);
  if (known) return known;
  const all = Array.from({ length: BUCKETS }, (_, i) => i).filter((value) => ones(value) <= most);
  knownFlips.set(most, all);
  return all;
}

function grown(values: Uint32Array): Uint32Array {
  const larger = new Uint32Array(values.length * 2);
  larger.set(values);
  return larger;
}
