import { Check, X } from 'lucide-react';
import { Button, Tooltip, TooltipTrigger } from 'react-aria-components';
import { keepLive, startLive } from '../../../commands/live-commands.ts';
import { useGeneration } from '../../../generation/generation-store.ts';
import { useLive } from '../../../generation/live/live-store.ts';
import { liveWords } from '../../../generation/live/live-words.ts';
import { strengthWords } from '../../../generation/verb.ts';
import { IconButton } from '../../controls/icon-button.tsx';
import { ValueSlider } from '../../controls/value-slider.tsx';
import { useRoom } from '../../workspace-context.tsx';

function Measured() {
  const latency = useLive((state) => state.latency);
  const rate = useLive((state) => state.rate);
  const dropped = useLive((state) => state.dropped);
  if (latency === null) return null;
  return (
    <p className="caption dim" data-testid="live-measured">
      {rate.toFixed(1)} pictures/s · {Math.round(latency)} ms · {dropped} dropped
    </p>
  );
}

/** What Live does, in words, and what it is told; over the canvas while it is on. */
export function LiveBar() {
  const { workspace } = useRoom();
  const live = useLive();
  const verb = useGeneration((state) => state.jobs[0]?.verb ?? null);
  if (live.phase === 'off') return null;
  const words = liveWords(live, verb);
  return (
    <section className="live-bar" aria-label="Live" data-testid="live">
      <div className="live-head">
        <TooltipTrigger delay={500}>
          <Button className="button quiet live-state" data-state={words.state} data-testid="live-state">
            <span className="sign" aria-hidden>
              {words.mark}
            </span>{' '}
            {words.text}
          </Button>
          <Tooltip className="tooltip" offset={4}>
            {words.meaning}
          </Tooltip>
        </TooltipTrigger>
        <IconButton
          icon={X}
          label="Turn Live off"
          command="live.toggle"
          size={16}
          onPress={() => workspace.live.stop()}
        />
      </div>
      <Measured />
      <ValueSlider
        label="Live strength"
        value={live.strength}
        minimum={0.05}
        maximum={1}
        step={0.05}
        format={{ style: 'percent' }}
        onChange={(strength) => useLive.setState({ strength })}
      />
      <p className="caption dim">{strengthWords(live.strength)}</p>
      <ValueSlider
        label="Live steps"
        value={live.steps}
        minimum={1}
        maximum={12}
        onChange={(steps) => useLive.setState({ steps: Math.round(steps) })}
      />
      <ValueSlider
        label="Shown at"
        value={live.blend}
        minimum={0.1}
        maximum={1}
        step={0.05}
        format={{ style: 'percent' }}
        onChange={(blend) => useLive.setState({ blend })}
      />
      {words.state === 'stopped' ? (
        <Button className="button" onPress={() => startLive(workspace)}>
          Retry
        </Button>
      ) : (
        <Button
          className="button"
          isDisabled={live.latency === null}
          onPress={() => void keepLive(workspace)}
        >
          <Check size={16} strokeWidth={1.75} aria-hidden /> Keep this
        </Button>
      )}
    </section>
  );
}
