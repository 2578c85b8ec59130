import { BUNDLED_FONTS } from './bundled-fonts.ts';
import { STAND_IN } from './text-layout.ts';

/** Families that come with every system, by their generic names, and those that are looked for by name. */
const ALWAYS = ['sans-serif', 'serif', 'monospace', 'cursive', 'system-ui'] as const;
const USUAL = [
  'Arial',
  'Arial Black',
  'Avenir Next',
  'Bahnschrift',
  'Baskerville',
  'Bodoni 72',
  'Bookman Old Style',
  'Bradley Hand',
  'Brush Script MT',
  'Calibri',
  'Cambria',
  'Candara',
  'Cantarell',
  'Century Gothic',
  'Chalkboard',
  'Comic Sans MS',
  'Consolas',
  'Constantia',
  'Copperplate',
  'Courier New',
  'DejaVu Sans',
  'DejaVu Sans Mono',
  'DejaVu Serif',
  'Didot',
  'Franklin Gothic Medium',
  'Futura',
  'Garamond',
  'Geneva',
  'Georgia',
  'Gill Sans',
  'Helvetica',
  'Helvetica Neue',
  'Hiragino Sans',
  'Hoefler Text',
  'Impact',
  'Liberation Mono',
  'Liberation Sans',
  'Liberation Serif',
  'Lucida Console',
  'Lucida Handwriting',
  'Malgun Gothic',
  'Marker Felt',
  'Meiryo',
  'Menlo',
  'Microsoft YaHei',
  'Noto Sans',
  'Noto Sans CJK JP',
  'Noto Serif',
  'Open Sans',
  'Optima',
  'Palatino',
  'Palatino Linotype',
  'Papyrus',
  'PingFang SC',
  'Roboto',
  'Rockwell',
  'Segoe Print',
  'Segoe Script',
  'Segoe UI',
  'Source Han Sans',
  'Tahoma',
  'Times New Roman',
  'Trebuchet MS',
  'Ubuntu',
  'Verdana',
  'Yu Gothic',
  'Zapfino',
] as const;

const known = new Map<string, boolean>();

/**
 * Whether a family comes with the studio, or the system has it, told by its widths: where it has not, letters are as wide as those of what stands in.
 */
export function isFontThere(family: string): boolean {
  const name = family.trim();
  if (BUNDLED_FONTS.includes(name) || ALWAYS.some((each) => each === name)) return true;
  const found = known.get(name);
  if (found !== undefined) return found;
  const context = new OffscreenCanvas(1, 1).getContext('2d');
  if (!context) return true;
  const quoted = `"${name.replaceAll(/["\\\n]/g, '')}"`;
  const width = (list: string): number => {
    context.font = `72px ${list}`;
    return context.measureText('mmMMwwWWiillLL@&0123456789').width;
  };
  const there = ['monospace', 'serif', STAND_IN].some((each) => width(`${quoted}, ${each}`) !== width(each));
  known.set(name, there);
  return there;
}

interface LocalFonts {
  queryLocalFonts?: () => Promise<readonly { readonly family: string }[]>;
}

/** Whether all families of this machine may be listed (Local Font Access), and whether one has to ask first. */
export async function fontAccess(): Promise<'granted' | 'prompt' | 'denied'> {
  if ((window as LocalFonts).queryLocalFonts === undefined) return 'denied';
  try {
    const { state } = await navigator.permissions.query({ name: 'local-fonts' as PermissionName });
    return state;
  } catch {
    return 'denied';
  }
}

/** Families to choose from that are known without asking: bundled and generic ones, and usual ones that are there. */
export function usualFonts(): string[] {
  return [...BUNDLED_FONTS, ...ALWAYS, ...USUAL.filter(isFontThere)];
}

/** All families of this machine, where the system lets them be listed; a browser may ask the person first. */
export async function allFonts(): Promise<string[]> {
  const fonts = await (window as LocalFonts).queryLocalFonts?.().catch(() => []);
  const families = new Set((fonts ?? []).map(({ family }) => family));
  if (families.size === 0) return usualFonts();
  for (const bundled of BUNDLED_FONTS) families.delete(bundled);
  return [...BUNDLED_FONTS, ...ALWAYS, ...[...families].toSorted((a, b) => a.localeCompare(b))];
}
