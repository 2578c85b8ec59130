import { Button } from 'react-aria-components';
import { seenColour } from '../../canvas/shown-through.ts';
import { parseColour } from '../../state/colour.ts';
import { useDocument } from '../../state/document/document-store.ts';
import { chooseForeground, usePaint } from '../../state/paint-store.ts';
import { useProof } from '../../state/proof-store.ts';

const STARTERS = [
  '#000000',
  '#3b3b3b',
  '#7a7a7a',
  '#bdbdbd',
  '#ffffff',
  '#7b1e1e',
  '#c7442e',
  '#e8853a',
  '#f2c14e',
  '#f4e3b2',
  '#2f5d3a',
  '#6a994e',
  '#a7c957',
  '#1f3a5f',
  '#2f6690',
  '#81b1d5',
  '#4a306d',
  '#8e6bb0',
  '#d4a5c9',
  '#5b3a29',
];

function Swatch({ colour }: { colour: string }) {
  useProof((state) => state.own);
  useDocument((state) => state.format.colourSpace);
  return (
    <Button
      className="swatch"
      style={{ background: seenColour(parseColour(colour)) }}
      aria-label={colour}
      onPress={() => chooseForeground(colour)}
    />
  );
}

/** Colours that were painted with, and a starting palette. */
export function Swatches() {
  const recent = usePaint((state) => state.recentColours);
  return (
    <div className="scroll">
      {recent.length > 0 && (
        <>
          <h3 className="menu-header">Painted with</h3>
          <div className="swatches">
            {recent.map((colour) => (
              <Swatch colour={colour} key={colour} />
            ))}
          </div>
        </>
      )}
      <h3 className="menu-header">Palette</h3>
      <div className="swatches">
        {STARTERS.map((colour) => (
          <Swatch colour={colour} key={colour} />
        ))}
      </div>
    </div>
  );
}
