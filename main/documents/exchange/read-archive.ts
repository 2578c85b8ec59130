import { readKra } from '../../../renderer/engine/formats/kra/read-kra.ts';
import { readOra } from '../../../renderer/engine/formats/ora/read-ora.ts';
import { readZipEntry, zipEntries, type ZipEntry } from '../../../renderer/engine/formats/ora/zip-entries.ts';
import {
  FormatError,
  type LayeredPicture,
  MAX_LAYERS,
} from '../../../renderer/engine/formats/picture-file.ts';
import { decodeRaster, type DecodedRaster } from './decode-raster.ts';

/** Archives that other programs keep pictures in and that are not read, by a file that each has. */
const REFUSED: readonly { readonly has: RegExp; readonly name: string; readonly remedy: string }[] = [
  { has: /^Document\.archive$/, name: 'a Procreate file', remedy: 'Share it as PSD from Procreate.' },
  {
    has: /^(?:preset|paintoppresets|brushes)\//,
    name: 'a Krita resource bundle',
    remedy: 'Unpack it, and drop the .gbr, .gih and .abr files in it on the studio.',
  },
  {
    has: /^(?:META-INF\/manifest\.xml|\[Content_Types\]\.xml)$/,
    name: 'an office document',
    remedy: 'Save the pictures in it as files of their own.',
  },
  { has: /^pages\/|^document\.json$/, name: 'a Sketch file', remedy: 'Export it as PNG or SVG.' },
];

/** What is found in an archive: an OpenRaster picture, or another program's picture as it was seen. */
export type FromArchive =
  | { readonly type: 'layers'; readonly picture: LayeredPicture }
  | { readonly type: 'merged'; readonly raster: DecodedRaster; readonly program: 'Krita' };

/** Most files in an archive that is looked into. */
const MAX_ENTRIES = 4 * MAX_LAYERS;

/**
 * Reads OpenRaster and Krita documents (.kra): of those in colours other than RGB of 8 or 16 bits the merged picture that they
 * carry for other programs.
 * @throws FormatError
 */
export async function readArchive(bytes: Uint8Array): Promise<FromArchive> {
  const entries = zipEntries(bytes, MAX_ENTRIES);
  if (entries.has('stack.xml'))
    return {
      type: 'layers',
      picture: await readOra(bytes, async (png) => (await decodeRaster(png)).picture),
    };
  const merged = entries.get('mergedimage.png');
  const picture = entries.has('maindoc.xml') ? readKra({ bytes, entries }) : null;
  if (picture) return { type: 'layers', picture };
  if (entries.has('maindoc.xml') && merged) {
    const raster = await decodeRaster(readZipEntry(bytes, merged, Number.POSITIVE_INFINITY));
    return { type: 'merged', raster, program: 'Krita' };
  }
  throw refusal(entries);
}

function refusal(entries: ReadonlyMap<string, ZipEntry>): FormatError {
  const names = [...entries.keys()];
  const known = REFUSED.find(({ has }) => names.some((name) => has.test(name)));
  if (known) return new FormatError(`It is ${known.name}, which is not read.`, known.remedy);
  return new FormatError(
    'It has no stack.xml, so it is an archive but no OpenRaster file.',
    'Unpack it, and open the picture in it.',
  );
}
