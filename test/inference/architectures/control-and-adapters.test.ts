import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  adapterInputNames,
  listAdapterSites,
  type AdapterSite,
} from '../../../native-models/architectures/adapter-sites.ts';
import { buildControlnet } from '../../../native-models/architectures/controlnet.ts';
import { buildUnet } from '../../../native-models/architectures/unet.ts';
import { openControlnet } from '../../../native-models/checkpoints/open-controlnet.ts';
import { openReference, referenceFolder, type ReferenceCase } from '../../fixtures/reference-case.ts';
import { openSession, runSession, vector } from '../../fixtures/run-model.ts';
import { fromHalfBits, synthesiseTensor } from '../../fixtures/synthesise-weights.ts';
import { relativeError, type Vector } from '../../fixtures/vectors.ts';

// Seconds on a quiet machine; a busy one may take minutes.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const size = { batch: 2, height: 16, width: 16, contextTokens: 77 };

/** The LoRA's matrices as the site's inputs take them, strength and alpha in the second. */
function pairOf(site: AdapterSite, reference: ReferenceCase): { a: Vector; b: Vector } {
  const { rank, alpha, strength } = reference.settings.lora;
  const key = `lora_unet_${site.name.replaceAll('.', '_')}`;
  const [height, width] = site.kernel;
  const tensor = (part: string, shape: readonly number[]): Float32Array =>
    Float32Array.from(synthesiseTensor(`${key}.${part}.weight`, shape, reference.model.salt), fromHalfBits);
  const scale = (alpha / rank) * strength;
  const { inFeatures: inner, outFeatures: out } = site;
  if (site.kind === 'conv') {
    const up = tensor('lora_up', [out, rank, 1, 1]).map((x) => x * scale);
    const down = [rank, inner, height, width];
    return { a: vector(down, tensor('lora_down', down)), b: vector([out, rank, 1, 1], up) };
  }
  const down = tensor('lora_down', [rank, inner]);
  const up = tensor('lora_up', [out, rank]);
  const a = Float32Array.from(
    { length: inner * rank },
    (_, i) => down[(i % rank) * inner + Math.floor(i / rank)]!,
  );
  const b = Float32Array.from(
    { length: rank * out },
    (_, i) => up[(i % out) * rank + Math.floor(i / out)]! * scale,
  );
  return { a: vector([inner, rank], a), b: vector([rank, out], b) };
}

/** The sites that the reference's LoRA is of; throws where a key has none. */
function loraSites(name: string, reference: ReferenceCase): AdapterSite[] {
  const listed = JSON.parse(readFileSync(path.join(referenceFolder!, `${name}-lora.json`), 'utf8')) as [
    string,
  ][];
  const keys = new Set(listed.map(([key]) => key.split('.')[0]));
  const all = listAdapterSites(reference.checkpoint.unet.weights);
  const sites = all.filter((site) => keys.has(`lora_unet_${site.name.replaceAll('.', '_')}`));
  expect(sites.length).toBe(keys.size);
  return sites;
}

/** A rank-1 pair of zeros: no adapter. */
function noPair(site: AdapterSite): { a: Vector; b: Vector } {
  const { inFeatures: inner, outFeatures: out, kernel } = site;
  const zeros = (shape: readonly number[]): Vector =>
    vector(shape, new Float32Array(shape.reduce((x, y) => x * y, 1)));
  return site.kind === 'conv'
    ? { a: zeros([1, inner, ...kernel]), b: zeros([out, 1, 1, 1]) }
    : { a: zeros([inner, 1]), b: zeros([1, out]) };
}

function feeds(
  sites: readonly AdapterSite[],
  pair: (site: AdapterSite) => { a: Vector; b: Vector },
): Record<string, Vector> {
  return Object.fromEntries(
    sites.flatMap((site) => {
      const names = adapterInputNames(site.name);
      const { a, b } = pair(site);
      return [[names.a, a] as const, [names.b, b] as const];
    }),
  );
}

describe.skipIf(referenceFolder === undefined).each(['sd15-tiny', 'sdxl-tiny'] as const)(
  'inputs of %s against diffusers (needs ../shared/reference)',
  (name) => {
    let reference: ReferenceCase;
    beforeAll(async () => {
      reference = await openReference(name, 'diffusers', 'F16');
    });
    afterAll(() => reference.dispose());

    it('takes a LoRA in one session, and gives the base model without', async () => {
      const listed = JSON.parse(readFileSync(path.join(referenceFolder!, `${name}-lora.json`), 'utf8')) as [
        string,
      ][];
      const keys = new Set(listed.map(([key]) => key.split('.')[0]));
      const all = listAdapterSites(reference.checkpoint.unet.weights);
      const sites = all.filter((site) => keys.has(`lora_unet_${site.name.replaceAll('.', '_')}`));
      expect(sites.length).toBe(keys.size);
      const adapters = new Set(sites.map((site) => site.name));
      const session = await openSession(buildUnet(reference.checkpoint.unet, { ...size, adapters }));
      try {
        const run = async (pair: (site: AdapterSite) => { a: Vector; b: Vector }) =>
          (await runSession(session, { ...reference.unetCall(), ...feeds(sites, pair) }))['out_sample']!;
        expect(
          relativeError(await run((s) => pairOf(s, reference)), reference.floats('lora.out')),
        ).toBeLessThan(1e-4);
        expect(relativeError(await run(noPair), reference.floats('unet.out'))).toBeLessThan(1e-4);
      } finally {
        await session.release();
      }
    });

    it('gives each picture of a batch, or each cell, the adapters that its mask names', async () => {
      const { rank } = reference.settings.lora;
      const sites = loraSites(name, reference);
      const adapters = new Set(sites.map((site) => site.name));
      const pairs = feeds(sites, (site) => pairOf(site, reference));
      const first = 4 * 16 * 16;
      for (const adapterMasks of ['batch', 'cells'] as const) {
        const graph = buildUnet(reference.checkpoint.unet, { ...size, adapters, adapterMasks });
        const masks = [...graph.inputs].filter(([key]) => key.startsWith('adapter_mask'));
        // SDXL's adapter changes nothing at the first of its three sizes.
        const sizes = name === 'sdxl-tiny' ? 2 : 4;
        expect(masks.length).toBe(adapterMasks === 'batch' ? 1 : sizes);
        const given = masks.map(([key, { shape }]) => {
          const fixed = shape.map((d) => (typeof d === 'number' ? d : rank));
          const half = fixed.reduce((a, b) => a * b, 1) / 2;
          return [key, vector(fixed, new Float32Array(half * 2).fill(1, half))] as const;
        });
        const session = await openSession(graph);
        const out = await runSession(session, {
          ...reference.unetCall(),
          ...pairs,
          ...Object.fromEntries(given),
        });
        await session.release();
        const got = out['out_sample']!;
        const base = reference.floats('unet.out');
        const adapted = reference.floats('lora.out');
        expect(relativeError(got.subarray(0, first), base.subarray(0, first))).toBeLessThan(1e-4);
        expect(relativeError(got.subarray(first), adapted.subarray(first))).toBeLessThan(1e-4);
      }
    });

    it('has inputs at every site that is listed', () => {
      const sites = listAdapterSites(reference.checkpoint.unet.weights);
      const graph = buildUnet(reference.checkpoint.unet, { ...size, adapters: 'all' });
      const inputs = [...graph.inputs.keys()].filter((key) => key.includes('.lora_'));
      const expected = sites.flatMap((site) => Object.values(adapterInputNames(site.name)));
      expect(new Set(inputs)).toEqual(new Set(expected));
    });

    it.skipIf(name === 'sdxl-tiny')('follows a ControlNet', async () => {
      const net = await openControlnet(path.join(reference.path, 'controlnet'));
      const call = reference.unetCall();
      const control = await openSession(buildControlnet(net, size));
      const unet = await openSession(buildUnet(reference.checkpoint.unet, { ...size, control: true }));
      const shapes = buildUnet(reference.checkpoint.unet, { ...size, control: true }).inputs;
      const residuals = await runSession(control, {
        ...call,
        control_hint: reference.vector('control.hint'),
        control_scale: vector([1], new Float32Array([reference.settings.control_scale])),
      });
      const given = Object.entries(residuals).map(
        ([key, data]) => [key, vector(shapes.get(key)!.shape as number[], data)] as const,
      );
      const out = await runSession(unet, { ...call, ...Object.fromEntries(given) });
      expect(relativeError(out['out_sample']!, reference.floats('control.out'))).toBeLessThan(1e-4);
      await Promise.all([control.release(), unet.release()]);
    });
  },
);
