import { EyeOff, SquareSplitHorizontal } from 'lucide-react';
import { useEffect, useState } from 'react';
import { isTyping } from '../../input/keyboard.ts';
import { IconButton } from '../controls/icon-button.tsx';
import { ValueSlider } from '../controls/value-slider.tsx';
import { useRoom } from '../workspace-context.tsx';

/** The key left of 1, whatever it is called. */
const BEFORE_KEY = 'Backquote';

/** Compares a picture that waits with what was before: held key, or a border that wipes across. */
export function Compare() {
  const { workspace } = useRoom();
  const { overlay } = workspace;
  const [before, setBefore] = useState(false);
  const [wipe, setWipe] = useState<number | null>(null);
  useEffect(() => {
    overlay.lookAt({ before: before ? 1 : (wipe ?? 0) });
  }, [overlay, before, wipe]);
  useEffect(() => () => overlay.lookAt({ before: 0 }), [overlay]);
  useEffect(() => {
    const abort = new AbortController();
    const { signal } = abort;
    const press = (event: KeyboardEvent): void => {
      if (event.code !== BEFORE_KEY || event.repeat || isTyping(event.target)) return;
      event.preventDefault();
      if (event.shiftKey) setWipe((now) => (now === null ? 0.5 : null));
      else setBefore(true);
    };
    const release = (event: KeyboardEvent): void => {
      if (event.code === BEFORE_KEY) setBefore(false);
    };
    window.addEventListener('keydown', press, { signal });
    window.addEventListener('keyup', release, { signal });
    window.addEventListener('blur', () => setBefore(false), { signal });
    return () => abort.abort();
  }, []);
  return (
    <>
      <IconButton
        icon={EyeOff}
        label={before ? 'Show the picture again' : 'Show what was before (hold the key left of 1)'}
        isSelected={before}
        onPress={() => setBefore(!before)}
      />
      <IconButton
        icon={SquareSplitHorizontal}
        label={wipe === null ? 'Wipe between before and after' : 'Stop wiping'}
        isSelected={wipe !== null}
        onPress={() => setWipe(wipe === null ? 0.5 : null)}
      />
      {wipe !== null && (
        <ValueSlider
          className="wipe"
          label="Before"
          value={wipe}
          minimum={0}
          maximum={1}
          step={0.05}
          format={{ style: 'percent' }}
          onChange={setWipe}
        />
      )}
    </>
  );
}
