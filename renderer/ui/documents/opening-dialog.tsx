import { useCallback } from 'react';
import { openingOverview } from '../../commands/opening.ts';
import { type OpeningDocument, useOpening } from '../../state/opening-store.ts';
import { ProgressDialog } from '../controls/progress-dialog.tsx';

/** A large document while it is read: what it looked like when it was left, how far it is, and the way back. */
export function OpeningDialog() {
  const now = useOpening((state) => state.now);
  return (
    <ProgressDialog
      className="opening"
      isOpen={now !== null}
      title={`Opening ${now?.name ?? ''}`}
      label="Read so far"
      share={now?.share ?? 0}
      picture={now && <Picture opening={now} />}
      onCancel={() => now?.cancel()}
    >
      <p className="dim caption">
        {now?.width} × {now?.height} px. You can paint once all of it is here.
      </p>
    </ProgressDialog>
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
