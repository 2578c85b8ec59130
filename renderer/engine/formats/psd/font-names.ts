import type { LayerText } from '../../layers/layer-text.ts';

/** A face as PSD names it. */
export interface PsdFace {
  /** PostScript name. */
  readonly name: string;
  /** Made of another face: thickened, slanted. */
  readonly fauxBold: boolean;
  readonly fauxItalic: boolean;
}

/** A face as the studio names it. */
export type FamilyFace = Pick<LayerText, 'font' | 'weight' | 'italic'>;

/** PostScript names: regular, bold, italic, both; `-` where the family has no such face. */
const FACES: Readonly<Record<string, string>> = {
  Arial: 'ArialMT Arial-BoldMT Arial-ItalicMT Arial-BoldItalicMT',
  'Bebas Neue': 'BebasNeue-Regular - - -',
  Calibri: 'Calibri Calibri-Bold Calibri-Italic Calibri-BoldItalic',
  Cambria: 'Cambria Cambria-Bold Cambria-Italic Cambria-BoldItalic',
  Caveat: 'Caveat-Regular Caveat-Bold - -',
  'Comic Sans MS': 'ComicSansMS ComicSansMS-Bold ComicSansMS-Italic ComicSansMS-BoldItalic',
  Consolas: 'Consolas Consolas-Bold Consolas-Italic Consolas-BoldItalic',
  Courier: 'Courier Courier-Bold Courier-Oblique Courier-BoldOblique',
  'Courier New': 'CourierNewPSMT CourierNewPS-BoldMT CourierNewPS-ItalicMT CourierNewPS-BoldItalicMT',
  'DejaVu Sans': 'DejaVuSans DejaVuSans-Bold DejaVuSans-Oblique DejaVuSans-BoldOblique',
  'DejaVu Sans Mono': 'DejaVuSansMono DejaVuSansMono-Bold DejaVuSansMono-Oblique DejaVuSansMono-BoldOblique',
  'DejaVu Serif': 'DejaVuSerif DejaVuSerif-Bold DejaVuSerif-Italic DejaVuSerif-BoldItalic',
  Georgia: 'Georgia Georgia-Bold Georgia-Italic Georgia-BoldItalic',
  Helvetica: 'Helvetica Helvetica-Bold Helvetica-Oblique Helvetica-BoldOblique',
  'Helvetica Neue': 'HelveticaNeue HelveticaNeue-Bold HelveticaNeue-Italic HelveticaNeue-BoldItalic',
  Impact: 'Impact - - -',
  'JetBrains Mono': 'JetBrainsMono-Regular JetBrainsMono-Bold JetBrainsMono-Italic JetBrainsMono-BoldItalic',
  'Liberation Mono': 'LiberationMono LiberationMono-Bold LiberationMono-Italic LiberationMono-BoldItalic',
  'Liberation Sans': 'LiberationSans LiberationSans-Bold LiberationSans-Italic LiberationSans-BoldItalic',
  'Liberation Serif':
    'LiberationSerif LiberationSerif-Bold LiberationSerif-Italic LiberationSerif-BoldItalic',
  'Segoe UI': 'SegoeUI SegoeUI-Bold SegoeUI-Italic SegoeUI-BoldItalic',
  'Source Serif 4': 'SourceSerif4-Regular SourceSerif4-Bold SourceSerif4-It SourceSerif4-BoldIt',
  Tahoma: 'Tahoma Tahoma-Bold - -',
  'Times New Roman':
    'TimesNewRomanPSMT TimesNewRomanPS-BoldMT TimesNewRomanPS-ItalicMT TimesNewRomanPS-BoldItalicMT',
  'Trebuchet MS': 'TrebuchetMS TrebuchetMS-Bold TrebuchetMS-Italic Trebuchet-BoldItalic',
  Verdana: 'Verdana Verdana-Bold Verdana-Italic Verdana-BoldItalic',
};

/** What the generic families of CSS are called in a PSD, which knows real ones only. */
const GENERIC: Readonly<Record<string, string>> = {
  'sans-serif': 'Arial',
  'system-ui': 'Arial',
  serif: 'Times New Roman',
  monospace: 'Courier New',
  cursive: 'Comic Sans MS',
  fantasy: 'Impact',
};

const FACE_ORDER = [
  { weight: 400, italic: false },
  { weight: 700, italic: false },
  { weight: 400, italic: true },
  { weight: 700, italic: true },
] as const;

const BY_NAME: ReadonlyMap<string, FamilyFace> = new Map(
  Object.entries(FACES).flatMap(([font, names]) =>
    names.split(' ').flatMap((name, i) => {
      const face = FACE_ORDER[i];
      return face && name !== '-' ? [[name, { font, ...face }] as const] : [];
    }),
  ),
);

/** True for a family that is whatever the system takes it for, so that a PSD cannot name it. */
export function isGenericFamily(font: string): boolean {
  return Object.hasOwn(GENERIC, font);
}

/** The PostScript name of a face: of usual and bundled families the true one, of others as most families are named. */
export function toPsdFace({ font, weight, italic }: FamilyFace): PsdFace {
  const family = isGenericFamily(font) ? (GENERIC[font] ?? font) : font;
  const names = Object.hasOwn(FACES, family) ? FACES[family]?.split(' ') : undefined;
  const bold = weight === 700;
  if (names) {
    const nameOf = (heavy: boolean, slanted: boolean): string | null => {
      const name = names[(heavy ? 1 : 0) + (slanted ? 2 : 0)] ?? '-';
      return name === '-' ? null : name;
    };
    for (const [heavy, slanted] of [
      [bold, italic],
      [bold, false],
      [false, italic],
    ] as const) {
      const name = nameOf(heavy, slanted);
      if (name !== null) return { name, fauxBold: bold && !heavy, fauxItalic: italic && !slanted };
    }
  }
  const base = names?.[0] ?? family.replaceAll(/[\s()[\]{}<>/%]/g, '');
  if (names) return { name: base, fauxBold: bold, fauxItalic: italic };
  const style = bold ? (italic ? 'BoldItalic' : 'Bold') : italic ? 'Italic' : 'Regular';
  return { name: `${base}-${style}`, fauxBold: false, fauxItalic: false };
}

/** The family and face that a PostScript name stands for, as far as a name can tell. */
export function fromPsdFont(name: string): FamilyFace {
  const known = BY_NAME.get(name);
  if (known) return known;
  const [, base = name, style = ''] = /^(.+?)(?:-([^-]+))?$/.exec(name) ?? [];
  const plain = style.replace(/(?:PS)?MT$/, '');
  const italic = /(?:Italic|Ital|It|Oblique|Obl)$/.test(plain);
  const rest = plain.replace(/(?:Italic|Ital|It|Oblique|Obl)$/, '');
  const usual = /^(?:Regular|Roman|Normal|Bold)?$/.test(rest);
  const family = spaced(base.replace(/(?:PS)?MT$/, ''));
  return {
    // A face such as Semibold or Light has to be a family of its own here.
    font: (usual ? family : `${family} ${spaced(rest)}`).slice(0, 200),
    weight: rest === 'Bold' ? 700 : 400,
    italic,
  };
}

/** `MyriadPro` as people write it. */
function spaced(name: string): string {
  return name.replaceAll(/(?<=[a-z])(?=[A-Z\d])|(?<=[A-Z])(?=[A-Z][a-z])/g, ' ');
}
