import { contextMaskPrefix } from '../../../native-models/architectures/layers.ts';
import type { TensorType } from '../../../native-models/onnx/value.ts';
import type { RegionChoice } from '../protocol.ts';
import type { Feed } from '../sessions/network.ts';
import { meanCoverage } from './adapter-regions.ts';
import { join } from './join-arrays.ts';
import type { TextConditioning, TextPlace } from './text-conditioning.ts';

/** What is added to a score that must not count; float16 holds it too. */
const HIDDEN = -10_000;

/**
 * What is encoded for a region: its own words, then the scene's, which so hold their light and medium in every region.
 */
export function regionText(region: string, scene: string): string {
  return [region, scene].filter((text) => text.trim() !== '').join(', ');
}

/** The scene's words and those of regions in one row: what each cell sees of them is the masks' business. */
export function joinPlaces(scene: TextConditioning, regions: readonly TextConditioning[]): TextConditioning {
  return {
    ...scene,
    states: join([scene.states, ...regions.map(({ states }) => states)]),
    tokens: regions.reduce((sum, { tokens }) => sum + tokens, scene.tokens),
    places: [
      { tokens: scene.tokens, of: 'scene' },
      ...regions.map(({ tokens }, of): TextPlace => ({ tokens, of })),
    ],
  };
}

/** A row made as long as another by states that no cell sees. */
export function padPlaces(row: TextConditioning, tokens: number): TextConditioning {
  const missing = tokens - row.tokens;
  if (missing <= 0) return row;
  const width = row.states.length / row.tokens;
  return {
    ...row,
    states: join([row.states, new Float32Array(missing * width)]),
    tokens,
    places: [...(row.places ?? [{ tokens: row.tokens, of: 'scene' }]), { tokens: missing, of: 'nowhere' }],
  };
}

/**
 * What cells see of which words: the masks that a UNet with `contextMasks` takes. The logarithm of a share on the scores
 * multiplies the weight of those tokens by the share, so that soft edges and overlaps mix words in proportion.
 */
export class RegionalWords {
  readonly #regions: readonly RegionChoice[];
  readonly #known = new Map<string, Float32Array>();

  constructor(regions: readonly RegionChoice[]) {
    this.#regions = regions;
  }

  /** Whether the UNet must take masks. */
  get any(): boolean {
    return this.#regions.length > 0;
  }

  /**
   * @param inputs of the UNet as it was built.
   * @param rows of its batch, all of one length.
   */
  feeds(inputs: ReadonlyMap<string, TensorType>, rows: readonly TextConditioning[]): Record<string, Feed> {
    const feeds: Record<string, Feed> = {};
    for (const name of inputs.keys()) {
      if (!name.startsWith(contextMaskPrefix)) continue;
      const [, height = 1, width = 1] = /_(\d+)x(\d+)$/.exec(name)?.map(Number) ?? [];
      feeds[name] = { data: join(rows.map((row) => this.#maskOf(row, height, width))) };
    }
    return feeds;
  }

  /** `[height · width, tokens]` */
  #maskOf(
    { places = [], tokens }: Pick<TextConditioning, 'places' | 'tokens'>,
    height: number,
    width: number,
  ): Float32Array {
    const key = `${height}x${width}/${places.map(({ of, tokens: count }) => `${of}:${count}`).join()}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const regional = places.some(({ of }) => typeof of === 'number');
    const shares = regional ? this.#shares(height, width) : [];
    const scene = shares.length === 0 ? undefined : sceneShare(shares, height * width);
    const mask = new Float32Array(height * width * tokens);
    for (let cell = 0; cell < height * width; cell += 1) {
      let at = cell * tokens;
      for (const { of, tokens: count } of places) {
        const share =
          of === 'nowhere' ? 0 : of === 'scene' ? (scene?.[cell] ?? 1) : (shares[of]?.[cell] ?? 0);
        mask.fill(share > 0 ? Math.max(HIDDEN, Math.log(share)) : HIDDEN, at, at + count);
        at += count;
      }
    }
    this.#known.set(key, mask);
    return mask;
  }

  #shares(height: number, width: number): Float32Array[] {
    return this.#regions.map(({ mask, weight = 1 }) =>
      meanCoverage(mask, height, width).map((coverage) => coverage * weight),
    );
  }
}

/** The scene has what regions leave. */
function sceneShare(shares: readonly Float32Array[], cells: number): Float32Array {
  return Float32Array.from({ length: cells }, (_, cell) =>
    Math.max(0, 1 - shares.reduce((sum, share) => sum + (share[cell] ?? 0), 0)),
  );
}
