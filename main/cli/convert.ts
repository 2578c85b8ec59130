import { extname } from 'node:path';
import { type ProofIntent, StudioError } from '../../preload/contract/index.ts';
import type { FileLoss } from '../../renderer/engine/formats/picture-file.ts';
import { type Conversion, convertFile } from '../documents/exchange/convert-file.ts';
import { lossSentences } from '../documents/exchange/losses.ts';
import { proofFile } from '../documents/exchange/proof-file.ts';
import type { Progress } from '../documents/exchange/progress.ts';
import type { Outcome } from './run-action.ts';

/** Options of `impasto convert` and `impasto flatten`, as commander has parsed them. */
export interface ConvertFlags {
  readonly depth?: '8' | '16';
  readonly profile?: string;
  readonly background?: readonly number[];
  readonly quality?: number;
  readonly scale?: number;
  readonly proof?: string;
  readonly gamutWarning?: boolean;
  readonly intent?: ProofIntent;
  readonly blackPoint?: boolean;
  readonly force: boolean;
  readonly json: boolean;
}

/** Converts a file and says what was lost. @throws StudioError */
export async function convert(
  source: string,
  target: string,
  flags: ConvertFlags,
  signal: AbortSignal,
): Promise<Outcome> {
  if (flags.intent !== undefined && flags.proof === undefined && flags.profile === undefined)
    throw new StudioError(
      'cli/intent-without-proof',
      'There is an --intent but no --proof or --profile that it could be for. Nothing was started.',
      'Give one of them as well, or leave --intent out.',
    );
  if (flags.blackPoint === true && flags.profile === undefined)
    throw new StudioError(
      'cli/black-point-without-profile',
      'There is a --black-point but no --profile that it could be for. Nothing was started.',
      'Give the --profile of a press as well, or leave --black-point out.',
    );
  if (flags.gamutWarning === true && flags.proof === undefined)
    throw new StudioError(
      'cli/warning-without-proof',
      'There is a --gamut-warning but no --proof that it could be for. Nothing was started.',
      'Give --proof as well, or leave --gamut-warning out.',
    );
  const progress = terminalProgress(signal);
  try {
    if (flags.proof !== undefined) return await proof(source, target, flags, progress);
    const done = await convertFile(source, target, optionsOf(flags), progress);
    progress.end();
    return { text: describe(target, done), json: { file: target, ...done } };
  } finally {
    progress.end();
  }
}

/** The same to a PNG of what is seen. @throws StudioError `cli/out-not-png` too */
export async function flatten(
  source: string,
  target: string,
  flags: ConvertFlags,
  signal: AbortSignal,
): Promise<Outcome> {
  if (extname(target).toLowerCase() !== '.png')
    throw new StudioError(
      'cli/out-not-png',
      `${target} does not end in .png. Nothing was started.`,
      'Use "impasto convert" for other formats.',
    );
  return convert(source, target, flags, signal);
}

async function proof(
  source: string,
  target: string,
  flags: ConvertFlags,
  progress: Progress,
): Promise<Outcome> {
  const warn = flags.gamutWarning === true;
  const done = await proofFile(
    source,
    target,
    { ...optionsOf(flags), press: flags.proof ?? '', warn, intent: flags.intent },
    progress,
  );
  const share = (done.outOfGamut * 100).toFixed(1);
  return {
    text: `${target}: as the press would print it; ${share}% of the picture is out of its gamut`,
    json: { file: target, outOfGamut: done.outOfGamut },
  };
}

function optionsOf(flags: ConvertFlags): Parameters<typeof convertFile>[2] {
  const { profile, background, quality, scale, force, intent, blackPoint } = flags;
  return {
    depth: flags.depth === undefined ? undefined : flags.depth === '16' ? 16 : 8,
    profile,
    background,
    quality,
    scale,
    intent,
    blackPoint,
    overwrite: force,
    onLosses: sayLosses,
  };
}

function sayLosses(onImport: readonly FileLoss[], onExport: readonly FileLoss[], layers: number): void {
  const say = (sentence: string): void => void process.stderr.write(`${sentence}\n`);
  for (const sentence of lossSentences(onImport, layers, 'import')) say(sentence);
  for (const sentence of lossSentences(onExport, layers, 'export')) say(sentence);
}

function describe(target: string, { width, height, depth, layers, bytes }: Conversion): string {
  const size = bytes < 1e6 ? `${(bytes / 1e3).toFixed(0)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
  return `${target}: ${width} × ${height}, ${layers} ${layers === 1 ? 'layer' : 'layers'}, ${depth} bits, ${size}`;
}

/** A line that is overwritten on a terminal; silence elsewhere. */
function terminalProgress(signal: AbortSignal): Progress & { end(): void } {
  const { stderr } = process;
  let last = 0;
  return {
    signal,
    report(share, what) {
      const now = performance.now();
      if (!stderr.isTTY || now - last < 100) return;
      last = now;
      stderr.write(`\r\u001B[K${Math.round(share * 100)}% ${what.slice(0, 40)}`);
    },
    end() {
      if (stderr.isTTY && last > 0) stderr.write('\r\u001B[K');
    },
  };
}
