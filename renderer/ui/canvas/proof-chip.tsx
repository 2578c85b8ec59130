import { Button } from 'react-aria-components';
import { toggleProofColours } from '../../commands/proof-colours.ts';
import { pressName, useProof } from '../../state/proof-store.ts';

/** Says that the canvas shows a press' colours and not the picture's own. */
export function ProofChip() {
  const proof = useProof();
  if (!proof.onCanvas) return null;
  return (
    <output className="canvas-chip proof-chip">
      {proof.table ? `Proof colours: ${pressName(proof)}` : 'Proof colours: one moment…'}
      <Button className="chip-button" onPress={toggleProofColours}>
        Off
      </Button>
    </output>
  );
}
