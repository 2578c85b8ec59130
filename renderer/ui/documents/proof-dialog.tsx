import { useEffect, useState } from 'react';
import { Button, Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { StudioError } from '../../../preload/contract/index.ts';
import { useFileJob } from '../../state/file-job-store.ts';
import { pressName, type ProofState, useProof } from '../../state/proof-store.ts';
import { CheckField } from '../layers/effects/check-field.tsx';
import { useRoom } from '../workspace-context.tsx';
import { PressChoice } from './press-choice.tsx';

/** What a press would print. */
interface Shown {
  readonly url: string;
  readonly outOfGamut: number;
}

const close = (): void => useFileJob.setState({ proofOpen: false });

/** The proof as an image's address, made anew when the press or the warning changes; a sentence when it cannot be. */
function useProofPicture({ press, warn, intent }: ProofState): Shown | string | null {
  const { workspace } = useRoom();
  const [shown, setShown] = useState<Shown | string | null>(null);
  useEffect(() => {
    const { open } = workspace;
    if (!open) return;
    let url: string | null = null;
    let stale = false;
    const ask = async (): Promise<void> => {
      setShown(null);
      await open.session.settled();
      const { png, outOfGamut } = await workspace.link.request('files.proof', {
        documentId: open.session.id,
        profile: press?.bytes ?? null,
        gamutWarning: warn,
        intent,
      });
      if (stale) return;
      url = URL.createObjectURL(new Blob([new Uint8Array(png)], { type: 'image/png' }));
      setShown({ url, outOfGamut });
    };
    ask().catch((error: unknown) => {
      if (!(error instanceof StudioError)) throw error;
      if (!stale) setShown(`${error.message} ${error.remedy}`);
    });
    return () => {
      stale = true;
      if (url !== null) URL.revokeObjectURL(url);
    };
  }, [workspace, press, warn, intent]);
  return shown;
}

function Proof() {
  const settings = useProof();
  const proof = useProofPicture(settings);
  return (
    <div className="new-document">
      <div className="proof-picture">
        {proof === null && <p className="dim">Printing in thought…</p>}
        {typeof proof === 'string' && <p role="alert">{proof}</p>}
        {proof !== null && typeof proof !== 'string' && (
          <img src={proof.url} alt="What the press would print, on white paper" />
        )}
      </div>
      <p className="dim caption" aria-live="polite">
        {pressName(settings)}
        {proof !== null &&
          typeof proof !== 'string' &&
          `: ${(proof.outOfGamut * 100).toFixed(1)}% of the picture cannot be printed as it is`}
      </p>
      <div className="proof-settings">
        <PressChoice label="Rendering intent" />
        <CheckField
          label="Gamut warning"
          value={settings.warn}
          onChange={(warn) => useProof.setState({ warn })}
        />
        <CheckField
          label="Proof colours on the canvas"
          value={settings.onCanvas}
          onChange={(onCanvas) => useProof.setState({ onCanvas })}
        />
      </div>
      <div className="actions">
        <Button className="button primary" onPress={close}>
          Close
        </Button>
      </div>
    </div>
  );
}

/** A soft proof: the picture as a press would print it, and what it cannot print in grey. */
export function ProofDialog() {
  const isOpen = useFileJob((state) => state.proofOpen);
  return (
    <ModalOverlay
      className="overlay"
      isOpen={isOpen}
      isDismissable
      onOpenChange={(open) => useFileJob.setState({ proofOpen: open })}
    >
      <Modal className="dialog">
        <Dialog>
          <Heading slot="title" level={2}>
            Soft proof
          </Heading>
          <Proof />
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
