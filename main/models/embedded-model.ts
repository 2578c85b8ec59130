import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { EMBEDDED_CARD } from '../../native-models/embedded/card.ts';
import type { ModelCard } from '../../preload/contract/index.ts';

/** The library id of the model that ships with the studio. */
export const EMBEDDED_MODEL_ID = 'embedded';

/** The ControlNet for sketches that ships beside the model in `modelFolder`; none where an installation lacks it. */
export function shippedControls(modelFolder: string): NonNullable<ModelCard['controls']> {
  const path = join(dirname(modelFolder), 'scribble');
  return existsSync(join(path, 'config.json')) ? [{ path, name: 'ships with Impasto' }] : [];
}

/** What the library tells about the model that ships, from its own card. */
export function embeddedModelCard(controls: NonNullable<ModelCard['controls']> = []): ModelCard {
  const { name, version, summary, bytes, nativeSize, sizeMultiple, defaults, words, examples } =
    EMBEDDED_CARD;
  return {
    id: EMBEDDED_MODEL_ID,
    name,
    family: `embedded ${version}`,
    bytes,
    embedded: true,
    about: summary,
    nativeWidth: nativeSize,
    nativeHeight: nativeSize,
    sizeMultiple,
    defaults: { sampler: defaults.sampler, steps: defaults.steps, guidance: defaults.guidance },
    words: Object.fromEntries(Object.values(words).map((group) => [group.title, [...group.words]])),
    examples: examples.map((example) => example.prompt),
    controls,
  };
}

/** Every word the model that ships was taught, other spellings included. */
export function embeddedVocabulary(): readonly string[] {
  const groups = Object.values(EMBEDDED_CARD.words).flatMap((group) => [...group.words]);
  return [...new Set([...groups, ...Object.keys(EMBEDDED_CARD.synonyms)])];
}
