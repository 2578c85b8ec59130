import { extname } from 'node:path';

/** Every kind of file that a picture can come from or go to. */
export const FILE_KINDS = [
  'impasto',
  'psd',
  'psb',
  'ora',
  'png',
  'jpeg',
  'webp',
  'avif',
  'tiff',
  'exr',
] as const;
export type FileKind = (typeof FILE_KINDS)[number];

const EXTENSIONS: Readonly<Record<string, FileKind>> = {
  impasto: 'impasto',
  psd: 'psd',
  psb: 'psb',
  ora: 'ora',
  png: 'png',
  jpg: 'jpeg',
  jpeg: 'jpeg',
  webp: 'webp',
  avif: 'avif',
  tif: 'tiff',
  tiff: 'tiff',
  exr: 'exr',
};

/** The kind that a file's name asks for; null for none of them. */
export function kindOfName(path: string): FileKind | null {
  return EXTENSIONS[extname(path).slice(1).toLowerCase()] ?? null;
}

/** The usual ending of a kind's files, without the dot. */
export function extensionOf(kind: FileKind): string {
  if (kind === 'jpeg') return 'jpg';
  return kind === 'tiff' ? 'tif' : kind;
}

/** What can be read: every kind, and three that cannot be written. */
export type SourceKind = FileKind | ReadOnlyKind;
type ReadOnlyKind = 'gif' | 'kra' | 'xcf';

/** Kinds that are read the way another one is. */
const READ_AS: Readonly<Record<ReadOnlyKind, FileKind>> = { gif: 'webp', kra: 'ora', xcf: 'ora' };

/**
 * The kind that a file's first bytes say it is, whatever it is called; null when they say nothing known. What can be
 * read but not written (GIF, documents of Krita and GIMP) counts as the kind that is read the same way.
 */
export function kindOfBytes(head: Uint8Array): FileKind | null {
  const kind = sourceKindOfBytes(head);
  return kind === 'gif' || kind === 'kra' || kind === 'xcf' ? READ_AS[kind] : kind;
}

/** The same by its own name. */
export function sourceKindOfBytes(head: Uint8Array): SourceKind | null {
  const text = Buffer.from(head.buffer, head.byteOffset, Math.min(head.byteLength, 64)).toString('latin1');
  if (text.startsWith('8BPS')) return head[5] === 2 ? 'psb' : 'psd';
  if (text.startsWith('SQLite format 3\0')) return 'impasto';
  // Both kinds of archive begin with a file that says what they are.
  if (text.startsWith('PK\u0003\u0004'))
    return text.startsWith('mimetypeapplication/x-krita', 30) ? 'kra' : 'ora';
  if (text.startsWith('\u0089PNG\r\n\u001A\n')) return 'png';
  if (text.startsWith('\u00FF\u00D8\u00FF')) return 'jpeg';
  if (text.startsWith('RIFF') && text.slice(8, 12) === 'WEBP') return 'webp';
  if (
    text.startsWith('II*\0') ||
    text.startsWith('MM\0*') ||
    text.startsWith('II+\0') ||
    text.startsWith('MM\0+')
  )
    return 'tiff';
  if (text.startsWith('v/1\u0001')) return 'exr';
  if (text.startsWith('gimp xcf ')) return 'xcf';
  // Major and compatible brands, ISO/IEC 14496-12 section 4.3.
  if (text.slice(4, 8) === 'ftyp') return /avi[fs]/.test(text.slice(8)) ? 'avif' : null;
  return text.startsWith('GIF8') ? 'gif' : null;
}

const RASTERS: ReadonlySet<FileKind | null> = new Set(['png', 'jpeg', 'webp', 'avif', 'tiff']);

/**
 * True for bytes that begin like a flat picture that is decoded here. The decoder itself would take more: vector drawings
 * and others, whose programs are not to be run on what a stranger sends.
 */
export function isRaster(head: Uint8Array): boolean {
  return RASTERS.has(kindOfBytes(head));
}
