import { useState } from 'react';
import { Form, ToggleButton } from 'react-aria-components';
import { MAX_CANVAS_EDGE } from '../../../preload/contract/index.ts';
import { cropPicture, scalePicture } from '../../commands/picture-edits.ts';
import { useDocument } from '../../state/document/document-store.ts';
import { FormActions, FormDialog } from '../controls/form-dialog.tsx';
import { useLayout } from '../../state/layout-store.ts';
import { NumberInput } from '../controls/number-input.tsx';
import { SelectField } from '../controls/select-field.tsx';
import { useRoom } from '../workspace-context.tsx';

const ANCHORS = [
  { id: '0 0', name: 'Top left' },
  { id: '0.5 0', name: 'Top' },
  { id: '1 0', name: 'Top right' },
  { id: '0 0.5', name: 'Left' },
  { id: '0.5 0.5', name: 'Middle' },
  { id: '1 0.5', name: 'Right' },
  { id: '0 1', name: 'Bottom left' },
  { id: '0.5 1', name: 'Bottom' },
  { id: '1 1', name: 'Bottom right' },
] as const;

const limited = (edge: number): number => Math.min(MAX_CANVAS_EDGE, Math.max(1, Math.round(edge)));

function SizeForm({ kind, onDone }: { kind: 'image' | 'canvas'; onDone: () => void }) {
  const { workspace } = useRoom();
  const before = useDocument.getState();
  const [width, setWidth] = useState(before.width);
  const [height, setHeight] = useState(before.height);
  const [keep, setKeep] = useState(true);
  const [anchor, setAnchor] = useState<string>('0.5 0.5');
  const held = kind === 'image' && keep;
  const apply = (): void => {
    onDone();
    const session = workspace.open?.session;
    if (!session) return;
    if (kind === 'image') {
      scalePicture(session, width, height);
      return;
    }
    const [across = 0.5, down = 0.5] = anchor.split(' ').map(Number);
    const x = Math.round((before.width - width) * across);
    const y = Math.round((before.height - height) * down);
    cropPicture(session, { x, y, width, height }, 'Canvas size');
  };
  return (
    <Form
      className="picture-size"
      onSubmit={(event) => {
        event.preventDefault();
        apply();
      }}
    >
      <p className="dim caption">
        Now {before.width} × {before.height} px.{' '}
        {kind === 'image'
          ? 'All layers are resampled; what lies beyond the canvas is cut off.'
          : 'Pixels stay as they are; what lies beyond a smaller canvas stays in the layers.'}
      </p>
      <div className="pair">
        <NumberInput
          label="Width"
          value={width}
          minimum={1}
          maximum={MAX_CANVAS_EDGE}
          onChange={(next) => {
            setWidth(limited(next));
            if (held) setHeight(limited((next * before.height) / before.width));
          }}
        />
        <NumberInput
          label="Height"
          value={height}
          minimum={1}
          maximum={MAX_CANVAS_EDGE}
          onChange={(next) => {
            setHeight(limited(next));
            if (held) setWidth(limited((next * before.width) / before.height));
          }}
        />
      </div>
      {kind === 'image' ? (
        <ToggleButton className="button toggle" isSelected={keep} onChange={setKeep}>
          Keep proportions
        </ToggleButton>
      ) : (
        <SelectField label="The picture stays at" value={anchor} options={ANCHORS} onChange={setAnchor} />
      )}
      <FormActions submit="Apply" onCancel={onDone} />
    </Form>
  );
}

/** Asks for another size of the picture, or of its canvas. */
export function PictureSizeDialog() {
  const kind = useLayout((state) => state.pictureSizeOpen);
  const close = (): void => useLayout.setState({ pictureSizeOpen: null });
  return (
    <FormDialog
      title={kind === 'image' ? 'Image size' : 'Canvas size'}
      isOpen={kind !== null}
      onOpenChange={(open) => {
        if (!open) close();
      }}
    >
      {kind && <SizeForm kind={kind} onDone={close} />}
    </FormDialog>
  );
}
