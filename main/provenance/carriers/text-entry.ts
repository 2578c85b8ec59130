/** A piece of text that a picture file carries. */
export interface TextEntry {
  /** Keyword of a PNG chunk, name of an EXIF tag, or `xmp`. */
  readonly name: string;
  readonly text: string;
  /** Where it stood, for a person. */
  readonly source: string;
}

/** Longest text that is read, in bytes: recipes are kilobytes, workflows seldom more than a megabyte. */
export const MAX_TEXT_BYTES = 8 * 1024 * 1024;
/** Most pieces of text that one file may have. */
export const MAX_ENTRIES = 256;

/** Text that says it is Latin-1 but is UTF-8 as often as not: UTF-8 where the bytes allow it. */
export function utf8OrLatin1(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return Buffer.from(bytes).toString('latin1');
  }
}
