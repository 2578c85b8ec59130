import { useEffect } from 'react';
import { lookAtVariations } from '../../../commands/variation-actions.ts';
import { chosenResult, useGeneration } from '../../../generation/generation-store.ts';
import { useRoom } from '../../workspace-context.tsx';
import { ResultCard } from './result-card.tsx';
import { StepScrubber } from './step-scrubber.tsx';
import { VariationTree } from './variation-tree.tsx';

/** What can be made of the chosen result, and what was. */
export function VariationsPanel() {
  const { workspace } = useRoom();
  const chosen = useGeneration(chosenResult);
  const resultId = chosen?.resultId;
  useEffect(() => {
    void lookAtVariations(workspace);
  }, [workspace, resultId]);
  if (!chosen) return <p className="empty">Choose a picture in the strip or the gallery</p>;
  return (
    <div className="variations scroll">
      <StepScrubber />
      <VariationTree />
      <ResultCard summary={chosen} />
    </div>
  );
}
