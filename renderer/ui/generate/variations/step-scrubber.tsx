import { Button } from 'react-aria-components';
import { showHeading, vary, varyStrongly, varySubtly } from '../../../commands/variation-actions.ts';
import { useVariations } from '../../../generation/variation-store.ts';
import { secondsText } from '../../../generation/verb.ts';
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

/** The step of the tick that an event is about. */
function stepOf(target: EventTarget): number | null {
  const step = target instanceof HTMLElement ? target.dataset['step'] : undefined;
  return step === undefined ? null : Number(step);
}

/**
 * One tick a step: filled where its state is kept, hollow where it must be made first. Pressing a filled tick forks
 * there at once; a hollow one says what that takes.
 */
export function StepScrubber() {
  const { workspace } = useRoom();
  const kept = useVariations((state) => state.kept);
  const step = useVariations((state) => state.step);
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
      <div
        className="ticks"
        role="slider"
        tabIndex={0}
        aria-label="Step to fork at"
        aria-valuemin={0}
        aria-valuemax={steps - 1}
        aria-valuenow={step}
        aria-valuetext={stepWords(step, steps, chosen)}
        data-testid="scrubber"
        onKeyDown={(event) => {
          const by = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -5, PageUp: 5 }[
            event.key
          ];
          if (by !== undefined) go(step + by);
          else if (event.key === 'Home') go(0);
          else if (event.key === 'End') go(steps - 1);
          else if (event.key === 'Enter') void vary(workspace, { step });
          else return;
          event.preventDefault();
        }}
        onBlur={() => void showHeading(workspace, null)}
        onPointerOver={(event) => {
          const pointed = stepOf(event.target);
          if (pointed !== null && pointed !== step) go(pointed);
        }}
        onPointerLeave={() => void showHeading(workspace, null)}
        onClick={(event) => {
          const pressed = stepOf(event.target);
          if (pressed === null) return;
          go(pressed);
          if (at(pressed)?.kept === true) void vary(workspace, { step: pressed });
        }}
      >
        {Array.from({ length: steps }, (_, index) => {
          const state = at(index);
          return (
            <span
              className="tick"
              key={index}
              data-step={index}
              data-kept={state?.kept === true}
              data-chosen={index === step}
              title={
                state?.kept === true
                  ? `Step ${index}: kept. Press to fork · ${secondsText(state.seconds)}`
                  : `Step ${index}: must be made · ${secondsText(state?.seconds ?? 0)}`
              }
              aria-hidden
            />
          );
        })}
      </div>
      <p className="caption dim">{stepWords(step, steps, chosen)}</p>
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
