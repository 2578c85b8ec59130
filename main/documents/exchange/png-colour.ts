import { builtInProfile } from './convert-profile.ts';
import { buildMatrixProfile, type Chromaticities, gammaCurve, SRGB_COLOURS } from './build-profile.ts';
import { pngChunks } from './png-claim.ts';

/** Gamma that stands for sRGB: writers put 45455 beside it. */
const SRGB_GAMMA = 1 / 2.2;
/** Numbers of ITU-T H.273: primaries of sRGB and Display P3, curves of sRGB, PQ and HLG. */
const PRIMARIES = { srgb: 1, p3: 12 } as const;
const SRGB_CURVES: ReadonlySet<number> = new Set([1, 6, 13, 14, 15]);

/** What a PNG without an ICC profile says that its numbers mean. */
export interface PngColour {
  /** Null for sRGB. */
  readonly profile: Uint8Array | null;
  /** What of it is only taken for something near; null for nothing. */
  readonly near: string | null;
}

/**
 * What the chunks cICP, sRGB, gAMA and cHRM of a PNG say, in the order in which they count (PNG specification, third
 * edition, section 4.3). iCCP, which counts after cICP, is not looked at.
 */
export async function pngColour(bytes: Uint8Array): Promise<PngColour> {
  const chunks = pngChunks(bytes);
  const code = chunks.get('cICP');
  if (code && code.byteLength >= 4) return codedColour(code[0] as number, code[1] as number);
  if (chunks.has('sRGB')) return { profile: null, near: null };
  const gamma = numbersOf(chunks.get('gAMA'), 1)?.[0] ?? SRGB_GAMMA;
  const given = numbersOf(chunks.get('cHRM'), 8);
  const colours = given ? fromNumbers(given) : SRGB_COLOURS;
  const isSrgb = Math.abs(gamma - SRGB_GAMMA) < 0.005 && isNear(colours, SRGB_COLOURS);
  if (isSrgb || !(gamma > 0.1 && gamma < 10)) return { profile: null, near: null };
  return { profile: buildMatrixProfile(colours, gammaCurve(1 / gamma)), near: null };
}

async function codedColour(primaries: number, curve: number): Promise<PngColour> {
  if (SRGB_CURVES.has(curve) && primaries === PRIMARIES.srgb) return { profile: null, near: null };
  if (SRGB_CURVES.has(curve) && primaries === PRIMARIES.p3)
    return { profile: await builtInProfile('display-p3'), near: null };
  const name = { 16: 'PQ', 18: 'HLG' }[curve] ?? `primaries ${primaries}, curve ${curve}`;
  return { profile: null, near: `Colour coding ${name}, taken for sRGB` };
}

/** Numbers of 32 bits, each in hundred thousandths. */
function numbersOf(chunk: Uint8Array | undefined, count: number): number[] | null {
  if (!chunk || chunk.byteLength < count * 4) return null;
  const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  return Array.from({ length: count }, (_, i) => view.getUint32(i * 4) / 100_000);
}

function fromNumbers(given: readonly number[]): Chromaticities {
  const pair = (at: number): readonly [number, number] => [given[at] as number, given[at + 1] as number];
  return { white: pair(0), red: pair(2), green: pair(4), blue: pair(6) };
}

function isNear(one: Chromaticities, other: Chromaticities): boolean {
  return (['white', 'red', 'green', 'blue'] as const).every((name) =>
    [0, 1].every((k) => Math.abs((one[name][k] as number) - (other[name][k] as number)) < 0.003),
  );
}
