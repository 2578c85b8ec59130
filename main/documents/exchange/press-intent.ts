import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProofIntent } from '../../../preload/contract/index.ts';

/** Tables to the press by intent (ICC.1:2022, table 25); `0` is what a colour engine takes for perceptual. */
const TO_PRESS: Readonly<Record<ProofIntent, string>> = {
  perceptual: 'B2A0',
  relative: 'B2A1',
  saturation: 'B2A2',
};
/** The way back shows what is on the paper as it is: media-relative colorimetric. */
const FROM_PRESS = 'A2B1';
const TAGS_AT = 128;
const TAG_BYTES = 12;
/** More tags than any profile has. */
const MOST_TAGS = 200;

/**
 * A profile of which a colour engine that only asks for the perceptual tables gets those of another intent: libvips asks for
 * nothing else through sharp. Profiles without tables (matrix and curves) have one intent and stay as they are.
 */
export function withIntent(profile: Uint8Array, intent: ProofIntent): Uint8Array {
  const out = profile.slice();
  if (out.byteLength < TAGS_AT + 4) return out;
  const view = new DataView(out.buffer);
  const count = Math.min(view.getUint32(TAGS_AT), MOST_TAGS);
  const entries = new Map<string, number>();
  for (let i = 0; i < count; i++) {
    const at = TAGS_AT + 4 + i * TAG_BYTES;
    if (at + TAG_BYTES > out.byteLength) break;
    entries.set(Buffer.from(out.subarray(at, at + 4)).toString('latin1'), at);
  }
  const take = (from: string, to: string): void => {
    const source = entries.get(from);
    const target = entries.get(to);
    if (source === undefined || target === undefined) return;
    // Offset and length of what the tag stands for.
    view.setUint32(target + 4, view.getUint32(source + 4));
    view.setUint32(target + 8, view.getUint32(source + 8));
  };
  take(TO_PRESS[intent], 'B2A0');
  take(FROM_PRESS, 'A2B0');
  return out;
}

/** Runs with a file of a press' profile, by which sharp converts with an intent. */
export async function withPressFile<T>(
  press: Uint8Array,
  intent: ProofIntent,
  run: (path: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'impasto-press-'));
  try {
    const path = join(folder, 'press.icc');
    await writeFile(path, withIntent(press, intent));
    return await run(path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Puts a press' own profile into a file that was converted by one of another intent. Only the list of tags differs, which
 * stands whole in TIFF, and in the first of the parts that JPEG cuts profiles into.
 */
export function restoreProfile(file: Uint8Array, press: Uint8Array, intent: ProofIntent): void {
  const end = Math.min(press.byteLength, TAGS_AT + 4 + MOST_TAGS * TAG_BYTES);
  const written = withIntent(press, intent).subarray(0, end);
  const at = Buffer.from(file.buffer, file.byteOffset, file.byteLength).indexOf(written);
  if (at >= 0) file.set(press.subarray(0, end), at);
}
