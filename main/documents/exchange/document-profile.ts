import type { DocumentState } from '../../../preload/contract/index.ts';
import { builtInProfile } from './convert-profile.ts';

/** The profile that says what a document's numbers mean: its own, or that of Display P3 where they mean that; null for sRGB. */
export async function documentProfile({
  profile,
  colourSpace,
}: Pick<DocumentState, 'profile' | 'colourSpace'>): Promise<Uint8Array | null> {
  return profile ?? (colourSpace === 'display-p3' ? await builtInProfile('display-p3') : null);
}
