import bebasNeue from '@fontsource/bebas-neue/unicode.json';
import caveat from '@fontsource/caveat/unicode.json';
import comicNeue from '@fontsource/comic-neue/unicode.json';
import inter from '@fontsource/inter/unicode.json';
import jetBrainsMono from '@fontsource/jetbrains-mono/unicode.json';
import sourceSerif from '@fontsource/source-serif-4/unicode.json';

/** Families that come with the studio, with the characters that each of their parts holds (CSS `unicode-range`). */
const FAMILIES: Readonly<
  Record<string, { readonly name: string; readonly ranges: Readonly<Record<string, string>> }>
> = {
  inter: { name: 'Inter', ranges: inter },
  'source-serif-4': { name: 'Source Serif 4', ranges: sourceSerif },
  'jetbrains-mono': { name: 'JetBrains Mono', ranges: jetBrainsMono },
  caveat: { name: 'Caveat', ranges: caveat },
  'comic-neue': { name: 'Comic Neue', ranges: comicNeue },
  'bebas-neue': { name: 'Bebas Neue', ranges: bebasNeue },
};

/** Families that are the same on every machine: they come with the studio. */
export const BUNDLED_FONTS: readonly string[] = Object.values(FAMILIES).map(({ name }) => name);

/** Addresses of the page's own font files, by the path they were built from. The policy of the page takes no `data:`. */
const FILES = import.meta.glob<string>(
  '../../../node_modules/@fontsource/*/files/*-{400,700}-{normal,italic}.woff2',
  { query: '?url&no-inline', import: 'default', eager: true },
);
const FILE_NAME = /\/@fontsource\/([^/]+)\/files\/\1-(.+)-(400|700)-(normal|italic)\.woff2$/;

function faces(): FontFace[] {
  return Object.entries(FILES).flatMap(([path, url]) => {
    const [, family = '', part = '', weight = '', style = ''] = FILE_NAME.exec(path) ?? [];
    const known = FAMILIES[family];
    const unicodeRange = known?.ranges[part];
    if (!known || unicodeRange === undefined) return [];
    return [new FontFace(known.name, `url("${url}")`, { weight, style, unicodeRange })];
  });
}

let loading: Promise<void> | null = null;
let loaded = false;

/** True when text in a bundled font is drawn with that font. */
export function bundledFontsLoaded(): boolean {
  return loaded;
}

/**
 * Loads every bundled font, once: text is drawn in one go, so none may still be under way then.
 * @throws DOMException when a file of the page cannot be read; the next call tries again.
 */
export function loadBundledFonts(): Promise<void> {
  loading ??= Promise.all(
    faces().map(async (face) => {
      document.fonts.add(face);
      await face.load();
    }),
  ).then(
    () => {
      loaded = true;
    },
    (error: unknown) => {
      loading = null;
      throw error;
    },
  );
  return loading;
}
