import type { FoundSettings, Raster } from '../../preload/contract/index.ts';
import { decodePicture } from '../documents/png.ts';
import { readRecipes } from '../documents/png-recipe.ts';
import { pictureTexts } from './carriers/picture-texts.ts';
import { isPng } from './carriers/png-texts.ts';
import { isWebp } from './carriers/webp-texts.ts';
import { stealthText } from './carriers/stealth-text.ts';
import type { TextEntry } from './carriers/text-entry.ts';
import { settingsOfRecipe } from './settings-of-recipe.ts';
import { readA1111 } from './tools/a1111.ts';
import { readComfyUi } from './tools/comfyui/read-comfyui.ts';
import { readDrawThings } from './tools/draw-things.ts';
import { readFooocus } from './tools/fooocus.ts';
import { readDream, readInvokeAi, readInvokeAi2 } from './tools/invokeai.ts';
import { readNovelAi, readStealth } from './tools/novelai.ts';

/**
 * How a picture file says that it was made: Impasto's own recipe first, then what other programs write. Never rejects
 * for what a file holds: what cannot be understood is no finding.
 *
 * @param file PNG, JPEG or WebP; anything else says nothing.
 */
export async function readSettings(file: Uint8Array): Promise<FoundSettings | null> {
  const own = isPng(file) ? readRecipes(file)[0]?.recipe : undefined;
  if (own !== undefined) return settingsOfRecipe(own);
  return readTexts(pictureTexts(file)) ?? readHidden(await pixelsOf(file));
}

/** What the texts of a file say; null when no program is recognised in them. */
function readTexts(entries: readonly TextEntry[]): FoundSettings | null {
  const found = (name: string): TextEntry | undefined => entries.find((entry) => entry.name === name);
  for (const { name, read } of READERS) {
    for (const entry of entries.filter((each) => each.name === name)) {
      const settings = read(entry, found);
      if (settings !== null) return settings;
    }
  }
  return null;
}

type Find = (name: string) => TextEntry | undefined;
interface Reader {
  readonly name: string;
  readonly read: (entry: TextEntry, found: Find) => FoundSettings | null;
}

/** In the order in which they are tried: the more a program says of itself, the earlier. */
const READERS: readonly Reader[] = [
  { name: 'invokeai_metadata', read: ({ text, source }) => readInvokeAi(text, source) },
  { name: 'sd-metadata', read: ({ text, source }) => readInvokeAi2(text, source) },
  { name: 'Dream', read: ({ text, source }) => readDream(text, source) },
  {
    name: 'Comment',
    read: ({ text, source }, found) =>
      readNovelAi({
        comment: text,
        description: found('Description')?.text ?? null,
        model: found('Source')?.text ?? null,
        source,
      }),
  },
  { name: 'XML:com.adobe.xmp', read: ({ text, source }) => readDrawThings(text, source) },
  { name: 'xmp', read: ({ text, source }) => readDrawThings(text, source) },
  ...['parameters', 'UserComment', 'comment'].map((name) => ({ name, read: readParameters })),
  { name: 'prompt', read: ({ text, source }) => readComfyUi(text, source) },
  { name: 'workflow', read: ({ text, source }) => readComfyUi(text, source) },
  // ComfyUI's own nodes for WebP put `prompt:{…}` into the camera's model and `workflow:{…}` into its maker.
  ...['Model', 'Make', 'ImageDescription'].map((name) => ({ name, read: readTagged })),
];

function readParameters({ name, text, source }: TextEntry, found: Find): FoundSettings | null {
  const scheme = found(name === 'parameters' ? 'fooocus_scheme' : 'MakerNote')?.text;
  const fooocus = scheme === 'fooocus' || scheme === 'a1111' || found('Software')?.text.startsWith('Fooocus');
  return (fooocus ? readFooocus(text, source) : null) ?? readA1111(text, source);
}

function readTagged({ text, source }: TextEntry): FoundSettings | null {
  const json = /^\s*(?:prompt|workflow)\s*:\s*(\{[\s\S]*)$/i.exec(text)?.[1];
  return json === undefined ? null : readComfyUi(json, source);
}

async function pixelsOf(file: Uint8Array): Promise<Raster | null> {
  if (!isPng(file) && !isWebp(file)) return null;
  return decodePicture(file).catch(() => null);
}

function readHidden(pixels: Raster | null): FoundSettings | null {
  const hidden = pixels && stealthText(pixels);
  if (!hidden) return null;
  return readStealth(hidden.text, hidden.source) ?? readA1111(hidden.text, hidden.source);
}
