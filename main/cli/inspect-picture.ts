import { open, readFile, stat } from 'node:fs/promises';
import { type FoundSettings, MAX_PICTURE_FILE, StudioError } from '../../preload/contract/index.ts';
import type { Outcome } from './run-action.ts';

/** How the programs call themselves. */
const TOOLS: Readonly<Record<FoundSettings['tool'], string>> = {
  impasto: 'Impasto',
  a1111: 'A1111 or a relative',
  comfyui: 'ComfyUI',
  invokeai: 'InvokeAI',
  fooocus: 'Fooocus',
  'draw-things': 'Draw Things',
  novelai: 'NovelAI',
};

/** True for a file that begins as a PNG, JPEG or WebP does. */
export async function isPictureFile(path: string): Promise<boolean> {
  const file = await open(path, 'r').catch(() => null);
  if (file === null) return false;
  try {
    const head = Buffer.alloc(12);
    await file.read(head, 0, 12, 0);
    const text = head.toString('latin1');
    return (
      text.startsWith('\x89PNG\r\n\x1a\n') ||
      text.startsWith('\xff\xd8\xff') ||
      (text.startsWith('RIFF') && text.endsWith('WEBP'))
    );
  } catch {
    return false;
  } finally {
    await file.close();
  }
}

/** Reads a picture file whole. @throws StudioError `cli/picture-missing`, `cli/picture-too-large` */
export async function readPictureFile(path: string): Promise<Uint8Array> {
  const found = await stat(path).catch(() => null);
  if (!found?.isFile()) {
    throw new StudioError('cli/picture-missing', `There is no picture at ${path}.`, 'Check its path.');
  }
  const { size } = found;
  if (size <= MAX_PICTURE_FILE) return readFile(path);
  throw new StudioError(
    'cli/picture-too-large',
    `${path} has ${size} bytes; ${MAX_PICTURE_FILE} fit.`,
    'Make it smaller.',
  );
}

/** Says how a picture was made, as far as its file tells; its exit code is 0 also when it tells nothing. */
export async function inspectPicture(path: string): Promise<Outcome> {
  const { readSettings } = await import('../provenance/read-settings.ts');
  const found = await readSettings(await readPictureFile(path));
  return {
    text: found === null ? `${path}: a picture that does not say how it was made` : describe(path, found),
    json: { path, kind: 'picture', found },
  };
}

function describe(path: string, found: FoundSettings): string {
  const { model, sampler, steps, guidance, seed, width, height, hires } = found;
  const version = found.version === null ? '' : ` (${found.version})`;
  const lines: readonly (readonly [string, string | number | null])[] = [
    ['Prompt', found.prompt],
    ['Negative', found.negative],
    ['Model', model && [model.name, model.hash].filter(Boolean).join(', ')],
    ['VAE', found.vae],
    ['Sampler', sampler && (sampler.id === null ? `${sampler.written}, which Impasto has not` : sampler.id)],
    ['Steps', steps],
    ['Guidance', guidance],
    ['Seed', seed === null ? null : `${seed}, ${found.noise ?? 'noise unknown'}`],
    ['Size', width === null || height === null ? null : `${width} × ${height}`],
    ['Strength', found.strength],
    ['Clip skip', found.clipSkip],
    ...found.adapters.map(
      ({ name, strength, textStrength, hash }) =>
        [
          'Adapter',
          [`${name} ${strength}${textStrength === null ? '' : `, text ${textStrength}`}`, hash]
            .filter(Boolean)
            .join(', '),
        ] as const,
    ),
    ...found.controls.map(({ name, strength }) => ['ControlNet', `${name} ${strength}`] as const),
    [
      'Second pass',
      hires &&
        [hires.upscaler, hires.scale && `× ${hires.scale}`, hires.steps && `${hires.steps} steps`]
          .filter(Boolean)
          .join(', '),
    ],
  ];
  return [
    `${path}: a picture made by ${TOOLS[found.tool]}${version}, from ${found.source}`,
    ...lines.flatMap(([name, value]) =>
      value === null || value === '' ? [] : [`${name.padEnd(12)}${String(value)}`],
    ),
    ...(found.unknown.length === 0 ? [] : ['Not understood, kept as written:']),
    ...found.unknown.map(
      ({ name, value }) => `  ${name}: ${value.length > 200 ? `${value.slice(0, 200)}…` : value}`,
    ),
  ].join('\n');
}
