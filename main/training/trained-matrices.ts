import { adapterInputNames, type AdapterSite } from '../../native-models/architectures/adapter-sites.ts';
import { matrixDraws } from './training-draws.ts';

/** One of the two matrices of a layer: the name of its graph input, its shape there, and where it lies among all parameters. */
export interface TrainedMatrix {
  readonly site: AdapterSite;
  readonly part: 'a' | 'b';
  readonly input: string;
  readonly shape: readonly number[];
  readonly from: number;
  readonly to: number;
}

/** The matrices of all layers, one behind the other, as `adapterInputNames` shapes them. */
export function layOutMatrices(sites: readonly AdapterSite[], rank: number): TrainedMatrix[] {
  let end = 0;
  return sites.flatMap((site) => {
    const { inFeatures, outFeatures, kernel, kind } = site;
    const names = adapterInputNames(site.name);
    const shapes =
      kind === 'conv'
        ? { a: [rank, inFeatures, ...kernel], b: [outFeatures, rank, 1, 1] }
        : { a: [inFeatures, rank], b: [rank, outFeatures] };
    return (['a', 'b'] as const).map((part): TrainedMatrix => {
      const shape = shapes[part];
      const from = end;
      end += shape.reduce((product, n) => product * n, 1);
      return { site, part, input: names[part], shape, from, to: end };
    });
  });
}

/**
 * Matrices of a training that begins: A uniform within ±1/√(inputs), as torch's linear layers begin (He et al. 2015 with
 * a = √5), B zero, so that nothing is changed yet (arXiv:2106.09685 §4.1).
 */
export function firstMatrices(matrices: readonly TrainedMatrix[], seed: number): Float32Array {
  const values = new Float32Array(matrices.at(-1)?.to ?? 0);
  matrices.forEach(({ site, part, from, to }, i) => {
    if (part === 'b') return;
    const bound = 1 / Math.sqrt(site.inFeatures * site.kernel[0] * site.kernel[1]);
    values.set(
      matrixDraws(seed, i, to - from).map((u) => (2 * u - 1) * bound),
      from,
    );
  });
  return values;
}
