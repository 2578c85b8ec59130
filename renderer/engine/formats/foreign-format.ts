/** A kind of file that people bring and that is not read here. */
export interface ForeignFormat {
  /** What it is, such as `a JPEG XL picture`. */
  readonly name: string;
  /** What to do in the program that made it. */
  readonly remedy: string;
}

/** What tells a file's format lies within its first bytes. */
export const HEAD_BYTES = 1024;

const LAYERED = 'Save it as .psd or .ora in the program that made it.';
const FLAT = 'Save it as PNG or TIFF in the program that made it.';
const DEVELOP = 'Develop it, and save it as a 16-bit TIFF, in a program for raw photographs.';
const BRUSHES = 'Import it as brushes: drop it on the studio, or use `impasto brush`.';
const DRAW = 'Export it as PNG, as large as you need it, in the program that made it.';

const is =
  (text: string, at = 0) =>
  (head: string): boolean =>
    head.startsWith(text, at);

/** Formats by how they begin, as their specifications or their programs' sources have it. */
const BY_BYTES: readonly (ForeignFormat & { readonly begins: (head: string) => boolean })[] = [
  { name: 'a Clip Studio Paint file (.clip)', remedy: LAYERED, begins: is('CSFCHUNK') },
  { name: 'a Paint.NET image (.pdn)', remedy: FLAT, begins: is('PDN3') },
  { name: 'a Paint Shop Pro image (.pspimage)', remedy: LAYERED, begins: is('Paint Shop Pro Image File') },
  { name: 'a MediBang or FireAlpaca file (.mdp)', remedy: LAYERED, begins: is('mdipack') },
  { name: 'an Affinity file', remedy: LAYERED, begins: is('\u0000\u00FFKA') },
  { name: 'a JPEG XL picture', remedy: FLAT, begins: is('\u00FF\n') },
  { name: 'a JPEG XL picture', remedy: FLAT, begins: is('\0\0\0\fJXL \r\n\u0087\n') },
  { name: 'a JPEG 2000 picture', remedy: FLAT, begins: is('\0\0\0\fjP  \r\n\u0087\n') },
  { name: 'a JPEG 2000 picture', remedy: FLAT, begins: is('\u00FFO\u00FFQ') },
  { name: 'a PDF document', remedy: DRAW, begins: is('%PDF-') },
  { name: 'a PostScript drawing', remedy: DRAW, begins: is('%!PS') },
  { name: 'a PostScript drawing', remedy: DRAW, begins: is('\u00C5\u00D0\u00D3\u00C6') },
  {
    name: 'an SVG drawing',
    remedy: DRAW,
    begins: (head) =>
      /^\s*(?:<\?xml[^>]*>\s*)?(?:<!--[\s\S]*?-->\s*|<!DOCTYPE\s+svg[^>]*>\s*)*<svg[\s>]/.test(
        head.replace(/^\u00EF\u00BB\u00BF/, ''),
      ),
  },
  { name: 'a Windows bitmap (.bmp)', remedy: FLAT, begins: (head) => /^BM[\s\S]{4}\0\0\0\0/.test(head) },
  { name: 'an icon (.ico)', remedy: FLAT, begins: is('\0\0\u0001\0') },
  { name: 'a DirectDraw surface (.dds)', remedy: FLAT, begins: is('DDS \u007C') },
  {
    name: 'a Radiance picture (.hdr)',
    remedy: 'Save it as OpenEXR in the program that made it.',
    begins: (head) => /^#\?R(?:ADIANCE|GBE)\n/.test(head),
  },
  {
    name: 'a DPX frame',
    remedy: 'Save it as OpenEXR or a 16-bit TIFF in the program that made it.',
    begins: (head) => /^(?:SDPX|XPDS)/.test(head),
  },
  { name: 'a Netpbm picture (.ppm)', remedy: FLAT, begins: (head) => /^P[1-7Ff][\s#]/.test(head) },
  { name: 'a QOI picture', remedy: FLAT, begins: is('qoif') },
  { name: 'an X pixmap (.xpm)', remedy: FLAT, begins: is('/* XPM */') },
  {
    name: 'a FITS image',
    remedy: 'Save it as a 16-bit TIFF in the program that made it.',
    begins: is('SIMPLE  ='),
  },
  { name: 'a Fujifilm raw photograph', remedy: DEVELOP, begins: is('FUJIFILMCCD-RAW') },
  { name: 'a Canon raw photograph', remedy: DEVELOP, begins: is('crx ', 8) },
  { name: 'a Panasonic raw photograph', remedy: DEVELOP, begins: is('IIU\0') },
  { name: 'an Olympus raw photograph', remedy: DEVELOP, begins: (head) => /^II(?:RO|RS)/.test(head) },
  {
    name: 'a HEIC photograph',
    remedy: 'Save it as JPEG, PNG or AVIF.',
    begins: (head) => /^.{4}ftyp(?:hei[cfmsx]|hev[cmsx]|mif1|msf1)/s.test(head),
  },
  {
    name: 'a video',
    remedy: 'Take a frame out of it as PNG.',
    begins: (head) => /^.{4}ftyp(?:isom|iso[2-9]|mp4|M4V|qt  |avc1|dash)/s.test(head),
  },
  { name: 'a video', remedy: 'Take a frame out of it as PNG.', begins: is('\u001AE\u00DF\u00A3') },
  { name: 'a gzip archive', remedy: 'Unpack it first.', begins: is('\u001F\u008B') },
];

/** Those that do not say so themselves, by their ending. */
const BY_ENDING: ReadonlyMap<string, ForeignFormat> = new Map([
  ['tga', { name: 'a Targa picture (.tga)', remedy: FLAT }],
  ['pcx', { name: 'a PCX picture', remedy: FLAT }],
  ['sai', { name: 'a PaintTool SAI file', remedy: LAYERED }],
  ['sai2', { name: 'a PaintTool SAI file', remedy: LAYERED }],
  ['abr', { name: 'a Photoshop brush file', remedy: BRUSHES }],
  ['myb', { name: 'a MyPaint brush', remedy: BRUSHES }],
  ['raw', { name: 'a raw photograph', remedy: DEVELOP }],
  ['wmf', { name: 'a Windows metafile', remedy: DRAW }],
  ['emf', { name: 'a Windows metafile', remedy: DRAW }],
]);

/** What a file that is not read here is, by its first bytes or else its ending; null when even that is not known. */
export function foreignFormat(bytes: Uint8Array, fileName: string): ForeignFormat | null {
  const head = String.fromCharCode(...bytes.subarray(0, HEAD_BYTES));
  const found = BY_BYTES.find(({ begins }) => begins(head));
  return found ?? BY_ENDING.get(/\.([^.]+)$/.exec(fileName)?.[1]?.toLowerCase() ?? '') ?? null;
}
