import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { GenerateJob, RgbaImage } from '../../../main/inference/protocol.ts';
import { runJob } from '../../../main/inference/worker/run-job.ts';
import { embeddedJob, embeddedModel, freshMemory, link } from './worker-memory.ts';

const EDGE = 256;
const scribble = path.join(embeddedModel, '../scribble');
const memory = freshMemory();
afterAll(() => memory.networks.clear());

/** Light lines, `width` pixels wide, where `distance` to a shape's outline is small. */
function outline(distance: (x: number, y: number) => number, width = 5): RgbaImage {
  const rgba = Uint8Array.from({ length: EDGE * EDGE * 4 }, (_, i) => {
    const place = i >> 2;
    const near = Math.abs(distance(place % EDGE, Math.floor(place / EDGE))) <= width / 2;
    return i % 4 === 3 || near ? 255 : 0;
  });
  return { width: EDGE, height: EDGE, rgba };
}

/** Of the pixels of a clear red: how many there are, as a share, and the x of their middle. */
function red({ rgba }: { readonly rgba: Uint8Array }): { share: number; x: number } {
  let [count, sum] = [0, 0];
  for (let i = 0; i < rgba.length; i += 4) {
    if ((rgba[i] ?? 0) - Math.max(rgba[i + 1] ?? 0, rgba[i + 2] ?? 0) < 60) continue;
    count += 1;
    sum += (i >> 2) % EDGE;
  }
  return { share: count / (EDGE * EDGE), x: sum / Math.max(1, count) };
}

const paint = (changes: Partial<GenerateJob>) =>
  runJob(embeddedJob({ width: EDGE, height: EDGE, steps: 10, guidance: 4.5, ...changes }), link(), memory);

test('what a scribble shows is painted where the scribble has it', async () => {
  const balloon = async (x: number) => {
    const image = outline((a, b) => Math.hypot(a - x, b - 130) - 46);
    const controls = [{ path: scribble, image, strength: 1 }];
    return red(await paint({ prompt: 'a red hot air balloon, oil painting', controls }));
  };
  const [left, right] = [await balloon(76), await balloon(180)];
  expect(left.share).toBeGreaterThan(0.02);
  expect(right.share).toBeGreaterThan(0.02);
  expect(right.x - left.x).toBeGreaterThan(30);
});

test('what is painted into a mask is what the words say, and goes on with what is around it', async () => {
  const sky = await paint({ prompt: 'the sea during the day, oil painting' });
  const base: RgbaImage = { width: EDGE, height: EDGE, rgba: sky.rgba };
  const inside = (i: number): boolean => Math.hypot((i % EDGE) - 170, Math.floor(i / EDGE) - 130) < 75;
  const coverage = Uint8Array.from({ length: EDGE * EDGE }, (_, i) => (inside(i) ? 255 : 0));
  const { rgba } = await paint({
    prompt: 'a red sailboat on the sea during the day, oil painting',
    init: { image: base, strength: 1 },
    mask: { width: EDGE, height: EDGE, coverage },
    steps: 20,
  });
  const boat = red({ rgba });
  expect(boat.share).toBeGreaterThan(0.02);
  expect(Math.abs(boat.x - 170)).toBeLessThan(45);
  // Along the rim of the mask colours go on: what was painted there is close to what was there.
  let [sum, count] = [0, 0];
  for (let i = 0; i < EDGE * EDGE; i++) {
    const radius = Math.hypot((i % EDGE) - 170, Math.floor(i / EDGE) - 130);
    if (radius < 71 || radius >= 75) continue;
    for (let c = 0; c < 3; c++) sum += Math.abs((rgba[i * 4 + c] ?? 0) - (base.rgba[i * 4 + c] ?? 0));
    count += 3;
  }
  expect(sum / count).toBeLessThan(40);
});
