import { type BuiltInProfile, convertPicture, loadProfile } from './convert-profile.ts';
import type { FlatPicture } from './raster.ts';

/** Colours along an edge of a table. */
export const TABLE_EDGE = 33;
/** How far, of 255, a channel may be off for a profile to count as the space itself. */
const SAME = 2;

/** All colours of a table as a picture: red the slowest, alpha full. */
export function tableColours(): FlatPicture {
  const data = new Uint8Array(TABLE_EDGE ** 3 * 4);
  const level = (step: number): number => Math.round((step * 255) / (TABLE_EDGE - 1));
  for (let i = 0; i < TABLE_EDGE ** 3; i++) {
    data[i * 4] = level(Math.floor(i / TABLE_EDGE ** 2));
    data[i * 4 + 1] = level(Math.floor(i / TABLE_EDGE) % TABLE_EDGE);
    data[i * 4 + 2] = level(i % TABLE_EDGE);
    data[i * 4 + 3] = 255;
  }
  return { width: TABLE_EDGE ** 2, height: TABLE_EDGE, depth: 8, data, profile: null };
}

/**
 * What a profile's numbers look like, in the space in which a document is shown.
 * @returns for each of {@link tableColours} red, green, blue and nothing; null where they look as the space has them.
 */
export async function colourTable(profile: Uint8Array, space: BuiltInProfile): Promise<Uint8Array | null> {
  const asked = tableColours();
  const { data } = await convertPicture(asked, profile, await loadProfile(space));
  const isSame = data.every((value, i) => Math.abs(value - (asked.data[i] as number)) <= SAME);
  return isSame ? null : Uint8Array.from(data, (value, i) => (i % 4 === 3 ? 0 : value));
}
