/**
 * `node test/bench/files.ts [edge] [layers]`: a large PSD goes into a document and out again, each in a converter process
 * of its own. Prints seconds, the converter's peak memory, and how long this process' own event loop was ever held up.
 */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { deflateSync } from 'node:zlib';
import type { ConverterJob } from '../../main/documents/exchange/converter/protocol.ts';
import { runConverter } from '../../main/documents/exchange/converter/run-converter.ts';
import { locateInstallation } from '../../main/hosting/installation.ts';
import { launchNode } from '../../main/inference/host/launch-node.ts';
import type { ProcessChannel } from '../../main/inference/host/process-channel.ts';
import { fileRecord, type FileLayer } from '../../renderer/engine/formats/picture-file.ts';
import { writePsd } from '../../renderer/engine/formats/psd/write-psd.ts';

const edge = Number(process.argv[2] ?? 4096);
const count = Number(process.argv[3] ?? 50);
const folder = mkdtempSync(join(tmpdir(), 'impasto-bench-files-'));

/** A layer as painters have them: strokes over part of the sheet, soft and a little noisy. */
function paintedLayer(index: number): FileLayer {
  const size = Math.floor(edge * 0.6);
  const pixels = async (): Promise<{
    x: number;
    y: number;
    width: number;
    height: number;
    data: Uint8Array;
  }> => {
    const data = new Uint8Array(size * size * 4);
    for (let y = 0, i = 0; y < size; y++) {
      for (let x = 0; x < size; x++, i += 4) {
        const stroke = Math.max(0, 1 - Math.abs(((x + y * 0.3 + index * 97) % 400) - 200) / 120);
        data[i] = (index * 5 + (x >> 4)) & 255;
        data[i + 1] = (y >> 3) & 255;
        data[i + 2] = ((x * 7 + y * 13) & 7) + 90;
        data[i + 3] = Math.round(stroke * 255);
      }
    }
    const shift = Math.floor(((index * 37) % 100) * 0.004 * edge);
    return { x: shift, y: shift, width: size, height: size, data };
  };
  return { record: fileRecord({ name: `Layer ${index}` }), pixels, mask: null, children: [] };
}

const launch = launchNode(locateInstallation().entries);

/** Runs a job and prints what it took. */
async function time(what: string, job: ConverterJob): Promise<void> {
  let channel: ProcessChannel | undefined;
  let peak = 0;
  const watch = setInterval(() => {
    const status = channel?.pid === undefined ? '' : readStatus(channel.pid);
    peak = Math.max(peak, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0));
  }, 100);
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const started = performance.now();
  let heard = 0;
  await runConverter((entry) => (channel = launch(entry)), job, {
    onProgress: () => (heard += 1),
    signal: new AbortController().signal,
  });
  const seconds = (performance.now() - started) / 1000;
  delay.disable();
  clearInterval(watch);
  console.log(
    `${what}: ${seconds.toFixed(1)} s, converter's peak ${(peak / 1024).toFixed(0)} MB, host held up at most ${(delay.max / 1e6).toFixed(0)} ms, ${heard} words of progress`,
  );
}

function readStatus(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return '';
  }
}

try {
  const psd = join(folder, 'large.psd');
  const parts = await writePsd(
    {
      width: edge,
      height: edge,
      depth: 8,
      profile: null,
      resolution: 300,
      guides: [],
      grid: null,
      layers: Array.from({ length: count }, (_, index) => paintedLayer(index)),
      losses: [],
    },
    {
      merged: [new Uint8Array(edge * edge * 4).fill(255)],
      large: false,
      deflate: (data) => deflateSync(data),
      onLayer: () => {},
    },
  );
  const bytes = Buffer.concat(parts);

  writeFileSync(psd, bytes);
  console.log(`${edge} × ${edge}, ${count} layers, PSD of ${(bytes.byteLength / 2 ** 20).toFixed(0)} MB`);
  const document = join(folder, 'large.impasto');
  await time('PSD in', { type: 'import', source: psd, name: 'large.psd', target: document });
  console.log(`document of ${(statSync(document).size / 2 ** 20).toFixed(0)} MB`);
  for (const kind of ['psd', 'png'] as const) {
    const target = join(folder, `out.${kind}`);
    await time(`${kind} out`, { type: 'export', document, target, overwrite: true, options: { kind } });
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
