import { ArrowLeftRight } from 'lucide-react';
import { ColorField, ColorSlider, ColorThumb, Input, Label, SliderTrack } from 'react-aria-components';
import { swapColours, usePaint } from '../../state/paint-store.ts';
import { IconButton } from '../controls/icon-button.tsx';
import { ShadeArea } from './shade-area.tsx';
import { useProof } from '../../state/proof-store.ts';
import { seenColour } from '../../canvas/shown-through.ts';
import { parseColour } from '../../state/colour.ts';
import { useDocument } from '../../state/document/document-store.ts';
import { useForeground } from './use-foreground.ts';
import { Panel } from '../window/panel.tsx';

/** Colour square, hue, the two colours in hand, and a field for exact values. */
export function ColourPanel({ height, fixed = false }: { height?: number; fixed?: boolean }) {
  const [colour, change] = useForeground();
  const background = usePaint((state) => state.background);
  const foreground = usePaint((state) => state.foreground);
  // Numbers of the document, shown as it shows them.
  useProof((state) => state.own);
  useDocument((state) => state.format.colourSpace);
  const look = (colour: string): string => seenColour(parseColour(colour));
  return (
    <Panel id="colour" title="Colour" height={height} fixed={fixed}>
      <div className="colour-panel">
        <ShadeArea className="colour-area" value={colour} onChange={change} />
        <ColorSlider
          className="colour-hue"
          orientation="vertical"
          colorSpace="hsb"
          channel="hue"
          value={colour}
          onChange={change}
          aria-label="Hue"
        >
          <SliderTrack>
            <ColorThumb className="colour-thumb" />
          </SliderTrack>
        </ColorSlider>
        <div className="colour-row">
          <div className="swatch-pair">
            <span className="visually-hidden">
              Painting with {foreground}, other colour {background}
            </span>
            <span className="swatch other" style={{ background: look(background) }} />
            <span className="swatch own" style={{ background: look(foreground) }} />
          </div>
          <IconButton
            icon={ArrowLeftRight}
            label="Swap colours"
            command="edit.swap-colours"
            size={16}
            onPress={swapColours}
          />
          <ColorField
            className="field grow"
            value={colour}
            onChange={(next) => {
              if (next) change(next.toFormat('hsb'));
            }}
          >
            <Label className="visually-hidden">Colour, hexadecimal</Label>
            <Input className="input grow" />
          </ColorField>
        </div>
      </div>
    </Panel>
  );
}
