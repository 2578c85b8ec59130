/** Words of state of MT19937. */
export const TWISTER_WORDS = 624;
const SHIFT = 397;

function twist(words: Uint32Array): void {
  for (let i = 0; i < TWISTER_WORDS; i += 1) {
    const here = words[i] ?? 0;
    const next = words[(i + 1) % TWISTER_WORDS] ?? 0;
    const far = words[(i + SHIFT) % TWISTER_WORDS] ?? 0;
    const mixed = ((here & 0x80000000) | (next & 0x7fffffff)) >>> 0;
    words[i] = far ^ (mixed >>> 1) ^ ((next & 1) === 1 ? 0x9908b0df : 0);
  }
}

/**
 * MT19937 (Matsumoto and Nishimura, "Mersenne Twister", ACM TOMACS 8, 1998): unsigned 32-bit
 * integers, in the order that PyTorch's CPU generator hands them out.
 */
export class MersenneTwister {
  /** The state: 624 words. */
  readonly words: Uint32Array;
  /** Index of the next word; 624 when the state must be twisted first. */
  index: number;

  /**
   * @param words 624 words of state; owned by the generator from here on.
   * @param index between 0 and 624.
   */
  constructor(words: Uint32Array, index: number) {
    this.words = words;
    this.index = index;
  }

  /** Seeds from the low 32 bits of a seed, as PyTorch's `manual_seed` does on the CPU. */
  static fromSeed(seed: number): MersenneTwister {
    const words = new Uint32Array(TWISTER_WORDS);
    let previous = seed >>> 0;
    words[0] = previous;
    for (let i = 1; i < TWISTER_WORDS; i += 1) {
      previous = (Math.imul(1812433253, previous ^ (previous >>> 30)) + i) >>> 0;
      words[i] = previous;
    }
    return new MersenneTwister(words, TWISTER_WORDS);
  }

  /** The next unsigned 32-bit integer. */
  next(): number {
    if (this.index >= TWISTER_WORDS) {
      twist(this.words);
      this.index = 0;
    }
    let y = this.words[this.index] ?? 0;
    this.index += 1;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    y ^= y >>> 18;
    return y >>> 0;
  }
}
