import { spawnSync } from 'node:child_process';
import { cpus, loadavg, tmpdir } from 'node:os';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { z } from 'zod';
import { LINOCUT, writeLinocuts } from '../fixtures/linocut-pictures.ts';

/**
 * What training takes and what it does, through the commands that people use.
 *
 * `node test/bench/train.ts` trains the embedded model on twelve made-up linocuts and paints prompts of other things with and without
 * the LoRA: how far their pixels are from the two colours of the style, as a share of what it was without. Some four minutes of
 * two idle cores. Bar: at most three quarters
 * (63 % measured; edges that the small autoencoder softens lie between the two colours and are never near either); at strength 0 no byte of the picture differs by more than 2.
 *
 * `node test/bench/train.ts --model sd15.safetensors [--sizes 256,512] [--memory 5] [--steps 3]` trains a model of full size for a few steps:
 * seconds a step and the most that the process held. Bar: below 6 GB at 512 px and rank 8.
 */
const { values } = parseArgs({
  options: {
    model: { type: 'string' },
    sizes: { type: 'string', default: '256,512' },
    memory: { type: 'string', default: '5' },
    steps: { type: 'string' },
  },
});
const entry = join(import.meta.dirname, '../../main/cli/impasto.ts');
const folder = mkdtempSync(join(tmpdir(), 'impasto-bench-'));
const pictures = join(folder, 'pictures');
const env = { ...process.env, IMPASTO_DATA: join(folder, 'data') };
const outcomeSchema = z.object({
  loss: z.number(),
  secondsPerStep: z.number(),
  peakBytes: z.number(),
  plan: z.object({ held: z.number(), mapped: z.number(), recomputes: z.boolean(), seconds: z.number() }),
});

function impasto(...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [entry, ...args], { env, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

function trainWith(out: string, ...args: readonly string[]) {
  const text = impasto('train', '--pictures', pictures, '--out', out, '--json', ...args);
  return outcomeSchema.parse(JSON.parse(text));
}

/** The mean distance of a picture's pixels from the nearer of paper and ink, of 255. */
async function distance(file: string): Promise<number> {
  const { data, info } = await sharp(file).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const pixels = info.width * info.height;
  let sum = 0;
  for (let i = 0; i < pixels; i++) {
    const off = (colour: readonly number[]): number =>
      Math.hypot(...colour.map((value, c) => value - (data[3 * i + c] ?? 0)));
    sum += Math.min(off(LINOCUT.paper), off(LINOCUT.ink));
  }
  return sum / pixels;
}

const prompts = ['a cat', 'a blue house with a tree', 'a vase of flowers', 'a robot', 'a boat at night'];

async function measureStyle(): Promise<void> {
  const lora = join(folder, 'linocut.safetensors');
  const { loss, secondsPerStep } = trainWith(
    lora,
    '--trigger',
    'linocut',
    ...(values.steps ? ['--steps', values.steps] : []),
  );
  console.log(`embedded model: loss ${loss.toFixed(3)}, ${secondsPerStep.toFixed(2)} s a step of 4 pictures`);
  const means = [0, 0];
  for (const [i, prompt] of prompts.entries()) {
    const files = [
      join(folder, `${i}-without.png`),
      join(folder, `${i}-with.png`),
      join(folder, `${i}-off.png`),
    ] as const;
    const paint = (file: string, ...args: readonly string[]): string =>
      impasto(
        'generate',
        '--no-cache',
        '--prompt',
        `linocut, ${prompt}`,
        '--seed',
        '7',
        '--out',
        file,
        ...args,
      );
    paint(files[0]);
    paint(files[1], '--lora', lora);
    if (i === 0) {
      paint(files[2], '--lora', `${lora}:0`);
      const [plain = Buffer.alloc(0), off = Buffer.alloc(0)] = await Promise.all(
        [files[0], files[2]].map((file) => sharp(file).raw().toBuffer()),
      );
      const most = plain.reduce((sum, value, at) => Math.max(sum, Math.abs(value - (off[at] ?? 0))), 0);
      console.log(`strength 0 against without: bytes differ by ${most} at most (bar: 2, from rounding)`);
    }
    const [without, made] = [await distance(files[0]), await distance(files[1])];
    means[0] = (means[0] ?? 0) + without / prompts.length;
    means[1] = (means[1] ?? 0) + made / prompts.length;
    console.log(`${prompt}: ${without.toFixed(1)} from the style's colours without, ${made.toFixed(1)} with`);
  }
  console.log(
    `with the LoRA ${((100 * (means[1] ?? 0)) / (means[0] ?? 1)).toFixed(0)} % of the distance is left (bar: at most 75 %)`,
  );
}

function measureSize(model: string, size: string): void {
  const out = join(folder, `${size}.safetensors`);
  const { secondsPerStep, peakBytes, plan } = trainWith(
    out,
    '--model',
    model,
    '--size',
    size,
    '--rank',
    '8',
    '--batch',
    '1',
    '--steps',
    values.steps ?? '3',
    '--memory',
    values.memory,
    '--restart',
  );
  const gigabytes = (bytes: number): string => (bytes / 1e9).toFixed(2);
  console.log(
    `${size} px, rank 8: ${secondsPerStep.toFixed(1)} s a step, at most ${gigabytes(peakBytes)} GB held with the mapped model (bar at 512: 6)` +
      `; planned ${gigabytes(plan.held)} + ${gigabytes(plan.mapped)} mapped${plan.recomputes ? ', values computed again' : ''}`,
  );
}

try {
  console.log(`${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}`);
  await writeLinocuts(pictures);
  if (values.model === undefined) await measureStyle();
  else for (const size of values.sizes.split(',')) measureSize(values.model, size);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
