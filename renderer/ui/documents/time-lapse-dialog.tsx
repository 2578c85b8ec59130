import { useEffect, useRef, useState } from 'react';
import {
  Button,
  Dialog,
  Heading,
  Modal,
  ModalOverlay,
  ProgressBar,
  ToggleButton,
  ToggleButtonGroup,
} from 'react-aria-components';
import { exportTimeLapse, TIME_LAPSE_FORMATS, type TimeLapseFormat } from '../../commands/time-lapse.ts';
import { useDocument } from '../../state/document/document-store.ts';
import { useLayout } from '../../state/layout-store.ts';
import { ValueSlider } from '../controls/value-slider.tsx';
import { useRoom } from '../workspace-context.tsx';

const close = (): void => useLayout.setState({ timeLapseOpen: false });

function TimeLapseForm() {
  const { workspace } = useRoom();
  const steps = useDocument((state) => state.history.filter(({ seq }) => seq <= state.head).length);
  const [format, setFormat] = useState<TimeLapseFormat>('mp4');
  const [seconds, setSeconds] = useState(15);
  const [edge, setEdge] = useState(720);
  const [share, setShare] = useState<number | null>(null);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);
  const start = async (): Promise<void> => {
    const abort = new AbortController();
    running.current = abort;
    setShare(0);
    await exportTimeLapse(workspace, { format, seconds, edge: Math.round(edge) }, abort.signal, setShare);
    if (!abort.signal.aborted) close();
  };
  return (
    <div className="new-document">
      <p className="dim caption">
        {steps === 0
          ? 'Nothing to play yet: each step of the history becomes a moment of the film.'
          : `${steps === 1 ? '1 step is' : `${steps} steps are`} played, from the oldest that the history keeps.`}
      </p>
      <ToggleButtonGroup
        className="segmented"
        aria-label="Format"
        selectionMode="single"
        disallowEmptySelection
        selectedKeys={[format]}
        onSelectionChange={(keys) => {
          const chosen = TIME_LAPSE_FORMATS.find((each) => keys.has(each));
          if (chosen) setFormat(chosen);
        }}
      >
        {TIME_LAPSE_FORMATS.map((each) => (
          <ToggleButton id={each} key={each}>
            {{ mp4: 'MP4', webm: 'WebM', webp: 'WebP', gif: 'GIF' }[each]}
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
      <ValueSlider label="Seconds" value={seconds} minimum={1} maximum={120} onChange={setSeconds} />
      <ValueSlider
        label="Longest edge"
        value={edge}
        minimum={128}
        maximum={1920}
        step={16}
        onChange={setEdge}
      />
      {share !== null && (
        <ProgressBar
          aria-label="Time-lapse"
          value={share * 100}
          isIndeterminate={format === 'webp' || format === 'gif'}
        >
          {({ percentage }) => (
            <div className="progress">
              <div className="progress-fill" style={{ width: `${percentage ?? 100}%` }} />
            </div>
          )}
        </ProgressBar>
      )}
      <div className="actions">
        <Button className="button" onPress={close}>
          Cancel
        </Button>
        <Button
          className="button primary"
          isDisabled={steps === 0 || share !== null}
          onPress={() => void start()}
        >
          Export
        </Button>
      </div>
    </div>
  );
}

/** How the picture came to be, as a film or an animated picture. */
export function TimeLapseDialog() {
  const isOpen = useLayout((state) => state.timeLapseOpen);
  return (
    <ModalOverlay
      className="overlay"
      isOpen={isOpen}
      isDismissable
      onOpenChange={(open) => useLayout.setState({ timeLapseOpen: open })}
    >
      <Modal className="dialog">
        <Dialog>
          <Heading slot="title" level={2}>
            Time-lapse
          </Heading>
          <TimeLapseForm />
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
