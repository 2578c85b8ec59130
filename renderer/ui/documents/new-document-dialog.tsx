import { useState } from 'react';
import { Button, Form, Input, Label, TextField } from 'react-aria-components';
import { MAX_CANVAS_EDGE } from '../../../preload/contract/index.ts';
import { FormActions, FormDialog } from '../controls/form-dialog.tsx';
import { useLayout } from '../../state/layout-store.ts';
import { formatColour, parseColour } from '../../state/colour.ts';
import { usePaint } from '../../state/paint-store.ts';
import { NumberInput } from '../controls/number-input.tsx';
import { SelectField } from '../controls/select-field.tsx';
import { useRoom } from '../workspace-context.tsx';

const SIZES = [
  { name: 'Sketch', width: 1024, height: 1024 },
  { name: 'Full HD', width: 1920, height: 1080 },
  { name: 'Square', width: 2048, height: 2048 },
  { name: 'A4, 300 dpi', width: 2480, height: 3508 },
  { name: '4K', width: 3840, height: 2160 },
] as const;

const DEPTHS = [
  { id: '8', name: '8 bits/channel' },
  { id: '16', name: '16 bits/channel' },
] as const;
const SPACES = [
  { id: 'srgb', name: 'sRGB' },
  { id: 'display-p3', name: 'Display P3' },
] as const;

/** The lowest sheet: a colour, or none. */
function backgrounds(hand: string): readonly { id: string; name: string }[] {
  return [
    { id: '#ffffff', name: 'White' },
    { id: '#808080', name: 'Grey' },
    { id: 'hand', name: `Colour in hand, ${hand}` },
    { id: 'none', name: 'Transparent' },
  ];
}

function sheetColour(background: string, hand: string): [number, number, number] | null {
  if (background === 'none') return null;
  const [red, green, blue] = parseColour(background === 'hand' ? hand : background);
  return [red / 255, green / 255, blue / 255];
}

function NewDocumentForm({ onDone }: { onDone: () => void }) {
  const { workspace } = useRoom();
  const [name, setName] = useState('Untitled');
  const [width, setWidth] = useState(1024);
  const [height, setHeight] = useState(1024);
  const [depth, setDepth] = useState('8');
  const [space, setSpace] = useState('srgb');
  const [background, setBackground] = useState('#ffffff');
  const hand = usePaint((state) => formatColour(...parseColour(state.foreground)));
  return (
    <Form
      className="new-document"
      onSubmit={(event) => {
        event.preventDefault();
        onDone();
        void workspace.createDocument(name.trim() === '' ? 'Untitled' : name.trim(), width, height, {
          depth: depth === '16' ? 16 : 8,
          colourSpace: space === 'display-p3' ? 'display-p3' : 'srgb',
          background: sheetColour(background, hand),
        });
      }}
    >
      <TextField className="field stacked" value={name} onChange={setName} maxLength={120}>
        <Label className="field-label">Name</Label>
        <Input className="input" />
      </TextField>
      <div className="chips">
        {SIZES.map((size) => (
          <Button
            className="chip"
            key={size.name}
            onPress={() => {
              setWidth(size.width);
              setHeight(size.height);
            }}
          >
            {size.name} {size.width} × {size.height}
          </Button>
        ))}
      </div>
      <div className="pair">
        <NumberInput label="Width" value={width} minimum={1} maximum={MAX_CANVAS_EDGE} onChange={setWidth} />
        <NumberInput
          label="Height"
          value={height}
          minimum={1}
          maximum={MAX_CANVAS_EDGE}
          onChange={setHeight}
        />
      </div>
      <div className="pair">
        <SelectField label="Depth" value={depth} options={DEPTHS} onChange={setDepth} />
        <SelectField label="Colour space" value={space} options={SPACES} onChange={setSpace} />
      </div>
      <SelectField
        label="Background"
        value={background}
        options={backgrounds(hand)}
        onChange={setBackground}
      />
      <FormActions submit="Create" onCancel={onDone} />
    </Form>
  );
}

/** Name, size, depth, colour space and background of a new document. */
export function NewDocumentDialog() {
  const isOpen = useLayout((state) => state.newDocumentOpen);
  return (
    <FormDialog
      title="New document"
      isOpen={isOpen}
      onOpenChange={(open) => useLayout.setState({ newDocumentOpen: open })}
    >
      <NewDocumentForm onDone={() => useLayout.setState({ newDocumentOpen: false })} />
    </FormDialog>
  );
}
