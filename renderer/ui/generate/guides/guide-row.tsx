import { Eye, X } from 'lucide-react';
import { useState } from 'react';
import { setGuide } from '../../../commands/conditioning-edits.ts';
import type { LayerGuide } from '../../../engine/layers/conditioning.ts';
import type { GuideLayer } from '../../../generation/canvas-facts.ts';
import { guideName } from '../../../generation/guide-types.ts';
import { IconButton } from '../../controls/icon-button.tsx';
import { RangeSlider } from '../../controls/range-slider.tsx';
import { ValueSlider } from '../../controls/value-slider.tsx';
import { useOpenDocument, useRoom } from '../../workspace-context.tsx';

/** A layer that guides: how strongly, in which part of the run, and what the network sees of it. */
export function GuideRow({ layer }: { layer: GuideLayer }) {
  const { workspace } = useRoom();
  const open = useOpenDocument();
  // A drag is one step of history.
  const [dragged, setDragged] = useState<LayerGuide | null>(null);
  const [seen, setSeen] = useState(false);
  if (!open) return null;
  const guide = dragged ?? layer.guide;
  const finish = (change: Partial<LayerGuide>): void => {
    setDragged(null);
    setGuide(open.session, layer, { ...layer.guide, ...change });
  };
  const see = async (): Promise<void> => {
    setSeen(!seen);
    await workspace.generator.pictures.seeGuide(seen ? null : layer, workspace.generator.frame());
  };
  return (
    <li className="guide" aria-label={layer.name}>
      <div className="guide-head">
        <span className="grow ellipsis">
          {layer.name} <span className="dim">{guideName(guide)}</span>
        </span>
        <IconButton
          icon={Eye}
          size={16}
          label={
            seen
              ? `Stop showing what the model sees of ${layer.name}`
              : `See what the model sees of ${layer.name}`
          }
          isSelected={seen}
          onPress={() => void see()}
        />
        <IconButton
          icon={X}
          size={16}
          label={`${layer.name} guides no more`}
          onPress={() => {
            if (seen) void workspace.generator.pictures.seeGuide(null, null);
            setGuide(open.session, layer, null);
          }}
        />
      </div>
      <ValueSlider
        label={`Strength of ${layer.name}`}
        className="guide-slider"
        value={guide.strength}
        minimum={0}
        maximum={2}
        step={0.05}
        format={{ style: 'percent' }}
        onChange={(strength) => setDragged({ ...guide, strength })}
        onChangeEnd={(strength) => finish({ strength })}
      />
      <RangeSlider
        label={`Steps of ${layer.name}`}
        shortLabel="Steps"
        value={[guide.start, guide.end]}
        onChange={([start, end]) => setDragged({ ...guide, start, end })}
        onChangeEnd={([start, end]) => finish({ start, end })}
      />
    </li>
  );
}
