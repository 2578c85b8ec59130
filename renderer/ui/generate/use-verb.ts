import { useShallow } from 'zustand/react/shallow';
import { verbFacts } from '../../generation/canvas-facts.ts';
import { useGeneration } from '../../generation/generation-store.ts';
import { type Verb, type VerbFacts, verbFor } from '../../generation/verb.ts';
import { useDocument } from '../../state/document/document-store.ts';

/** What the verb follows from, as panels show it. */
export function useVerbFacts(): VerbFacts {
  // Nothing else of it: jobs tell of their steps ten times a second, and panels full of fields hang on this.
  const state = useGeneration(
    useShallow(({ form, frameHasPixels, selection, blankBeside, forcedVerb }) => ({
      form,
      frameHasPixels,
      selection,
      blankBeside,
      forcedVerb,
    })),
  );
  const layers = useDocument((document) => document.layers);
  const activeLayerId = useDocument((document) => document.activeLayerId);
  return verbFacts(state, { layers, activeLayerId });
}

/** What a press of the button will do. */
export function useVerb(): Verb {
  return verbFor(useVerbFacts());
}
