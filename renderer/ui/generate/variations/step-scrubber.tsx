import { Button } from 'react-aria-components';
import { showHeading, vary, varyStrongly, varySubtly } from '../../../commands/variation-actions.ts';
import { useGeneration } from '../../../generation/generation-store.ts';
import { useVariations } from '../../../generation/variation-store.ts';
import { secondsText } from '../../../generation/verb.ts';
import { CheckField } from '../../layers/effects/check-field.tsx';
import { useRoom } from '../../workspace-context.tsx';

/** What the slider says of a step. */
function stepWords(
  step: number,
  steps: number,
  state: { kept: boolean; seconds: number } | undefined,
): string {
  const kept = state?.kept === true ? 'kept' : 'must be made';
  return `Step ${step} of ${steps}, ${kept}, fork ${(state?.seconds ?? 0).toFixed(1)} seconds`;
}

/** The step whose tick lies under the pointer. */
function stepAt({ clientX, currentTarget }: React.MouseEvent, steps: number): number {
  const { left, width } = currentTarget.getBoundingClientRect();
  return Math.min(steps - 1, Math.max(0, Math.floor(((clientX - left) / Math.max(1, width)) * steps)));
}

/**
 * One tick a step: filled where its state is kept, hollow where it must be made first. Pressing a filled tick forks
 * there at once; a hollow one says what that takes.
 */
export function StepScrubber() {
  const { workspace } = useRoom();
  const kept = useVariations((state) => state.kept);
  const step = useVariations((state) => state.step);
  const inside = useVariations((state) => state.insideSelection);
  const selected = useGeneration((state) => state.selection !== null);
  if (!kept) return <p className="empty">Reading what is kept…</p>;
  const { steps, states } = kept;
  const at = (wanted: number) => states.find((state) => state.step === wanted);
  const go = (wanted: number): void => {
    const next = Math.min(steps - 1, Math.max(0, wanted));
    useVariations.setState({ step: next });
    void showHeading(workspace, next);
  };
  const chosen = at(step);
  return (
    <div className="scrubber">
      <div className="ticks">
        <input
          type="range"
          min={0}
          max={steps - 1}
          value={step}
          aria-label="Step to fork at"
          aria-valuetext={stepWords(step, steps, chosen)}
          data-testid="scrubber"
          title={
            chosen?.kept === true
              ? `Step ${step}: kept. Press to fork · ${secondsText(chosen.seconds)}`
              : `Step ${step}: must be made · ${secondsText(chosen?.seconds ?? 0)}`
          }
          onChange={(event) => go(event.target.valueAsNumber)}
          onKeyDown={(event) => {
            if (event.key === 'Enter') void vary(workspace, { step });
          }}
          onBlur={() => void showHeading(workspace, null)}
          onPointerMove={(event) => {
            const pointed = stepAt(event, steps);
            if (event.buttons === 0 && pointed !== step) go(pointed);
          }}
          onPointerLeave={() => void showHeading(workspace, null)}
          onClick={(event) => {
            const pressed = stepAt(event, steps);
            go(pressed);
            if (at(pressed)?.kept === true) void vary(workspace, { step: pressed });
          }}
        />
        {Array.from({ length: steps }, (_, index) => {
          const state = at(index);
          return (
            <span
              className="tick"
              key={index}
              data-kept={state?.kept === true}
              data-chosen={index === step}
              aria-hidden
            />
          );
        })}
      </div>
      <p className="caption dim">{stepWords(step, steps, chosen)}</p>
      {selected && (
        <CheckField
          label="Only inside the selection"
          value={inside}
          onChange={(insideSelection) => useVariations.setState({ insideSelection })}
        />
      )}
      <div className="scrubber-acts">
        <Button className="button" onPress={() => void vary(workspace, { step })}>
          Fork here · {secondsText(chosen?.seconds ?? 0)}
        </Button>
        <Button className="button" onPress={() => void varySubtly(workspace)}>
          Subtle
        </Button>
        <Button className="button" onPress={() => void varyStrongly(workspace)}>
          Strong
        </Button>
      </div>
    </div>
  );
}
