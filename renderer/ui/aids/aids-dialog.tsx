import { Trash2 } from 'lucide-react';
import { Button } from 'react-aria-components';
import type { Aids, Grid, Guide } from '../../engine/aids/aids.ts';
import { formatColour, parseColour } from '../../state/colour.ts';
import type { AidsSlot } from '../../state/document/aids-slot.ts';
import { useAids } from '../../state/document/aids-slot.ts';
import { useDocument } from '../../state/document/document-store.ts';
import { useAidDialog, useAidSettings } from '../../state/aid-store.ts';
import { CheckField } from '../layers/effects/check-field.tsx';
import { ColourInput } from '../layers/effects/colour-input.tsx';
import { FormDialog } from '../controls/form-dialog.tsx';
import { IconButton } from '../controls/icon-button.tsx';
import { NumberInput } from '../controls/number-input.tsx';
import { useOpenDocument } from '../workspace-context.tsx';

interface PartProps {
  readonly slot: AidsSlot;
  readonly aids: Aids;
}

/** Farthest place of a guide that is typed, in pixels. */
const FARTHEST = 100_000;

function GuideList({ slot, aids }: PartProps) {
  const { guides, locked } = aids;
  const canvas = useDocument();
  const add = (direction: Guide['direction']): void => {
    const edge = direction === 'vertical' ? canvas.width : canvas.height;
    useAidSettings.setState({ guidesShown: true });
    slot.set('Add guide', { guides: [...guides, { direction, position: edge / 2 }] });
  };
  return (
    <fieldset className="aid-part" aria-label="Guides">
      <ul className="guide-list">
        {guides.map((guide, index) => {
          const name = `${guide.direction === 'vertical' ? 'Vertical' : 'Horizontal'} guide ${index + 1}`;
          return (
            <li key={name}>
              <NumberInput
                label={`${name}, px`}
                value={guide.position}
                minimum={-FARTHEST}
                maximum={FARTHEST}
                step={0.25}
                onChange={(position) =>
                  slot.set('Move guide', { guides: guides.with(index, { ...guide, position }) })
                }
              />
              <IconButton
                icon={Trash2}
                size={16}
                label={`Remove ${name.toLowerCase()}`}
                onPress={() => slot.set('Remove guide', { guides: guides.toSpliced(index, 1) })}
              />
            </li>
          );
        })}
      </ul>
      {guides.length === 0 && (
        <p className="dim caption">No guides. Drag one out of a ruler, or add one here and type its place.</p>
      )}
      <div className="aid-actions">
        <Button className="button" onPress={() => add('vertical')}>
          Add vertical
        </Button>
        <Button className="button" onPress={() => add('horizontal')}>
          Add horizontal
        </Button>
        <CheckField
          label="Locked"
          value={locked}
          onChange={(next) => slot.set(next ? 'Lock guides' : 'Unlock guides', { locked: next })}
        />
      </div>
    </fieldset>
  );
}

function GridFields({ slot, aids }: PartProps) {
  const { grid } = aids;
  const change = (part: Partial<Grid>): void => {
    useAidSettings.setState({ gridShown: true });
    slot.set('Change grid', { grid: { ...grid, ...part } });
  };
  const field = (label: string, key: 'width' | 'height' | 'subdivisions' | 'x' | 'y') => {
    const offset = key === 'x' || key === 'y';
    return (
      <NumberInput
        label={label}
        value={grid[key]}
        minimum={offset ? -FARTHEST : 1}
        maximum={key === 'subdivisions' ? 64 : offset ? FARTHEST : 10_000}
        onChange={(value) => change({ [key]: value })}
      />
    );
  };
  const [red, green, blue] = parseColour(grid.colour);
  return (
    <fieldset className="aid-part" aria-label="Grid">
      <div className="pair">
        {field('Grid width, px', 'width')}
        {field('Grid height, px', 'height')}
        {field('Offset across, px', 'x')}
        {field('Offset down, px', 'y')}
        {field('Parts', 'subdivisions')}
        <NumberInput
          label="Opacity, %"
          value={Math.round(grid.opacity * 100)}
          minimum={0}
          maximum={100}
          onChange={(percent) => change({ opacity: percent / 100 })}
        />
      </div>
      <div className="aid-actions">
        <span className="field-label">Colour</span>
        <ColourInput
          label="Grid colour"
          value={[red / 255, green / 255, blue / 255]}
          onChange={() => undefined}
          onChangeEnd={([r, g, b]) => change({ colour: formatColour(r * 255, g * 255, b * 255) })}
        />
      </div>
    </fieldset>
  );
}

/** Places of guides and measures of the grid in numbers, for whoever does not drag; each change is a step of history. */
export function AidsDialog() {
  const open = useOpenDocument();
  const isOpen = useAidDialog((state) => state.open);
  const aids = useAids();
  const close = (): void => useAidDialog.setState({ open: false });
  const slot = open?.session.aids;
  return (
    <FormDialog
      title="Guides and grid"
      isOpen={isOpen}
      onOpenChange={(next) => {
        if (!next) close();
      }}
    >
      {slot && (
        <>
          <GuideList slot={slot} aids={aids} />
          <GridFields slot={slot} aids={aids} />
        </>
      )}
      <div className="actions">
        <Button className="button primary" onPress={close}>
          Done
        </Button>
      </div>
    </FormDialog>
  );
}
