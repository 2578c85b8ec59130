/**
 * The autoencoder in bands against the whole graph, each in a process of its own: time, peak memory, and how far apart the
 * pictures are. `node test/bench/vae.ts [pixels] [model]`
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createNetworkCache } from '../../main/inference/sessions/network-cache.ts';
import { decodeLatent, loadDecoder } from '../../main/inference/stages/decode.ts';
import { toDecoderScale } from '../../main/inference/stages/latent-scale.ts';
import { openModel } from '../../main/inference/stages/opened-model.ts';
import { decodeInBands } from '../../main/inference/stages/vae-in-bands.ts';

const embedded = path.resolve(import.meta.dirname, '../../native-models/embedded/model');
const [, , pixels = '1024', model = embedded, mode] = process.argv;

if (mode === undefined) {
  const run = (name: string): { seconds: number; processor: number; rss: number; file: string } => {
    const self = [import.meta.filename, pixels, model, name];
    return JSON.parse(
      execFileSync(process.execPath, self, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
    );
  };
  const [whole, bands, one] = [run('whole'), run('bands'), run('one')];
  const apart = [distance(whole.file, bands.file), distance(one.file, bands.file)];
  for (const { file } of [whole, bands, one]) rmSync(file);
  const gigabytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(2)} GiB`;
  console.log(`decoding ${pixels} × ${pixels} px`);
  for (const [name, { seconds, processor, rss }] of [
    ['whole', whole],
    ['bands', bands],
  ] as const) {
    console.log(
      `${name}: ${seconds.toFixed(1)} s, ${processor.toFixed(1)} core-seconds, ${gigabytes(rss)} at most`,
    );
  }
  console.log(
    `core-seconds × ${(bands.processor / whole.processor).toFixed(2)}, memory × ${(bands.rss / whole.rss).toFixed(2)}`,
  );
  console.log(
    `relative difference to the whole graph ${apart[0]?.toExponential(1)}, whose norms are summed in fp32`,
  );
  console.log(`relative difference to a single band ${apart[1]?.toExponential(1)}: what the seams are`);
} else {
  const opened = await openModel(model);
  const side = Math.round(Number(pixels) / opened.cell);
  const shape = { channels: opened.vae.config.latentChannels, height: side, width: side };
  const latent = Float32Array.from({ length: shape.channels * side * side }, (_, i) => Math.sin(i * 0.37));
  const compute = { provider: 'cpu', precision: 'fp32', threads: 2 } as const;
  const begun = performance.now();
  const before = process.cpuUsage();
  const planes =
    mode !== 'whole'
      ? await decodeInBands(toDecoderScale(latent, opened.vae.config), shape, {
          model: opened,
          compute,
          notes: new Set(),
          ...(mode === 'one' ? { bandBytes: 2 ** 40 } : {}),
        })
      : await decodeLatent(
          await loadDecoder(
            opened,
            shape,
            createNetworkCache(() => {}),
            compute,
          ),
          latent,
          opened,
        );
  const { user, system } = process.cpuUsage(before);
  const file = path.join(
    tmpdir(),
    `impasto-vae-${createHash('sha256')
      .update(mode + process.pid)
      .digest('hex')
      .slice(0, 12)}`,
  );
  writeFileSync(file, new Uint8Array(planes.buffer, planes.byteOffset, planes.byteLength));
  const seconds = (performance.now() - begun) / 1000;
  console.log(
    JSON.stringify({
      seconds,
      processor: (user + system) / 1e6,
      rss: process.resourceUsage().maxRSS * 1024,
      file,
    }),
  );
}

function distance(first: string, second: string): number {
  const [a, b] = [first, second].map((file) => new Float32Array(new Uint8Array(readFileSync(file)).buffer));
  let [difference, square] = [0, 0];
  a?.forEach((value, i) => {
    difference += (value - (b?.[i] ?? 0)) ** 2;
    square += value ** 2;
  });
  return Math.sqrt(difference / square);
}
