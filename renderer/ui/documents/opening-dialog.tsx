import { useCallback } from 'react';
import { Button, Dialog, Heading, Modal, ModalOverlay, ProgressBar } from 'react-aria-components';
import { openingOverview } from '../../commands/opening.ts';
import { type OpeningDocument, useOpening } from '../../state/opening-store.ts';

/** A large document while it is read: what it looked like when it was left, how far it is, and the way back. */
export function OpeningDialog() {
  const now = useOpening((state) => state.now);
  return (
    <ModalOverlay className="overlay" isOpen={now !== null} isKeyboardDismissDisabled>
      <Modal className="dialog opening">
        <Dialog>
          <Heading slot="title" level={2}>
            Opening {now?.name}
          </Heading>
          {now && <Picture opening={now} />}
          <ProgressBar aria-label="Read so far" value={(now?.share ?? 0) * 100}>
            {({ percentage }) => (
              <div className="progress">
                <div className="progress-fill" style={{ width: `${percentage ?? 0}%` }} />
              </div>
            )}
          </ProgressBar>
          <p className="dim caption">
            {now?.width} × {now?.height} px. You can paint once all of it is here.
          </p>
          <div className="actions">
            <Button className="button" onPress={() => now?.cancel()}>
              Cancel
            </Button>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

function Picture({ opening: { number, width, height } }: { opening: OpeningDocument }) {
  const draw = useCallback(
    (canvas: HTMLCanvasElement | null) => {
      const picture = openingOverview();
      if (!canvas || !picture || canvas.dataset['number'] === String(number)) return;
      canvas.dataset['number'] = String(number);
      canvas.width = picture.width;
      canvas.height = picture.height;
      canvas.getContext('2d')?.drawImage(picture, 0, 0);
      performance.mark('impasto:overview');
    },
    [number],
  );
  const picture = openingOverview();
  if (!picture) return null;
  // The overview may come after the first share does: each share looks again.
  return (
    <canvas
      ref={(canvas) => draw(canvas)}
      data-testid="opening-picture"
      aria-hidden
      style={{ aspectRatio: `${width} / ${height}` }}
    />
  );
}
