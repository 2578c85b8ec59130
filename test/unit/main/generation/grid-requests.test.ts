import { describe, expect, it } from 'vitest';
import { gridRequests } from '../../../../main/generation/variation/grid-requests.ts';
import type { GenerationRequest, GridAxis } from '../../../../preload/contract/index.ts';
import { PLAIN_REQUEST } from '../../../fixtures/run-studio.ts';

const base: GenerationRequest = { ...PLAIN_REQUEST, prompt: 'a red boat on a red sea', guidance: 4 };
const axis = (
  setting: GridAxis['setting'],
  values: GridAxis['values'],
  at: GridAxis['at'] = null,
): GridAxis => ({
  setting,
  values,
  at,
});

describe('the pictures of a grid', () => {
  it('come sheet by sheet and row by row, columns set last', () => {
    const grid = gridRequests({
      base,
      x: axis('seed', [1, 2]),
      y: axis('guidance', [3, 5]),
      z: axis('sampler', ['ddim', 'euler']),
    });
    expect(grid).toMatchObject({
      columns: ['seed 1', 'seed 2'],
      rows: ['guidance 3', 'guidance 5'],
      sheets: ['sampler ddim', 'sampler euler'],
    });
    expect(grid.requests.map(({ seed, guidance, sampler }) => [sampler, guidance, seed])).toEqual([
      ['ddim', 3, 1],
      ['ddim', 3, 2],
      ['ddim', 5, 1],
      ['ddim', 5, 2],
      ['euler', 3, 1],
      ['euler', 3, 2],
      ['euler', 5, 1],
      ['euler', 5, 2],
    ]);
  });

  it('differ in words of the prompt, every one of them, dollars and all', () => {
    const { requests, columns } = gridRequests({ base, x: axis('replace', ['red', 'green', '$&']) });
    expect(columns).toEqual(['red', 'green', '$&']);
    expect(requests.map(({ prompt }) => prompt)).toEqual([
      'a red boat on a red sea',
      'a green boat on a green sea',
      'a $& boat on a $& sea',
    ]);
  });

  it('differ from a step on in order of their steps', () => {
    const { requests } = gridRequests({
      base,
      x: axis('noise', [7], { share: 0.75 }),
      y: axis('guidance', [9], { step: 4 }),
    });
    expect(requests[0]?.changes).toEqual([
      { step: 4, guidance: 9 },
      { step: 15, noise: { seed: 7, theta: 90 } },
    ]);
  });

  it('differ in the strength of the first adapter and of the picture that they start from', () => {
    const raster = { width: 1, height: 1, rgba: new Uint8Array(4) };
    const with2 = {
      ...base,
      init: { raster, strength: 0.5 },
      adapters: [
        { path: '/a', strength: 1 },
        { path: '/b', strength: 1 },
      ],
    };
    const { requests } = gridRequests({
      base: with2,
      x: axis('adapter', [0, 0.5]),
      y: axis('strength', [0.25]),
    });
    expect(requests.map(({ adapters }) => adapters.map(({ strength }) => strength))).toEqual([
      [0, 1],
      [0.5, 1],
    ]);
    expect(requests[0]?.init?.strength).toBe(0.25);
  });

  it.each([
    [
      'more pictures than fit',
      { x: axis('seed', many()), y: axis('guidance', many()) },
      'generation/grid-size',
    ],
    ['a value that there is not', { x: axis('steps', [0]) }, 'generation/grid-value'],
    ['a sampler by number', { x: axis('sampler', [3]) }, 'generation/grid-value'],
    ['words that are not there', { x: axis('replace', ['blue', 'red']) }, 'generation/grid-not-in-prompt'],
    ['no adapter', { x: axis('adapter', [1]) }, 'generation/grid-no-adapter'],
    ['no picture', { x: axis('strength', [1]) }, 'generation/grid-no-picture'],
    ['a seed from a step on', { x: axis('seed', [1], { step: 3 }) }, 'generation/grid-axis'],
    ['fresh noise from the beginning', { x: axis('noise', [1]) }, 'generation/grid-axis'],
  ])('%s are refused before anything is started', (_what, axes, code) => {
    expect(() => gridRequests({ base, ...axes })).toThrow(expect.objectContaining({ code }));
  });
});

function many(): number[] {
  return Array.from({ length: 33 }, (_, i) => i + 1);
}
