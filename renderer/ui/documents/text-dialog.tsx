import { useEffect, useMemo, useState } from 'react';
import { Form, Input, Label, TextArea, TextField, ToggleButton } from 'react-aria-components';
import { textLayerChanges } from '../../commands/text-layer.ts';
import type { DocumentSession } from '../../state/document/document-session.ts';
import { LiveEdit } from '../../state/document/live-edit.ts';
import { noteColourUsed, usePaint } from '../../state/paint-store.ts';
import { tell } from '../../state/status-store.ts';
import { useText } from '../../state/text-store.ts';
import { changeTool, useTools } from '../../state/tool-store.ts';
import { FormActions, FormDialog } from '../controls/form-dialog.tsx';
import { NumberInput } from '../controls/number-input.tsx';
import { SelectField } from '../controls/select-field.tsx';
import { useRoom } from '../workspace-context.tsx';

const FONTS = ['system-ui', 'sans-serif', 'serif', 'monospace', 'Arial', 'Georgia', 'Times New Roman'];
const ALIGNMENTS = [
  { id: 'left', name: 'Left' },
  { id: 'center', name: 'Centre' },
  { id: 'right', name: 'Right' },
] as const;

interface TextFormProps {
  readonly session: DocumentSession;
  readonly at: { readonly x: number; readonly y: number };
  readonly onDone: () => void;
}

function TextForm({ session, at, onDone }: TextFormProps) {
  const [text, setText] = useState('');
  const settings = useTools((state) => state.text);
  const colour = usePaint((state) => state.foreground);
  const id = useMemo(() => crypto.randomUUID(), []);
  const edit = useMemo(() => new LiveEdit(session, 'Text'), [session]);
  useEffect(() => {
    const changes = textLayerChanges(session, id, text, at, settings, colour);
    if (changes.length > 0) edit.show(changes);
    return () => edit.cancel();
  }, [session, id, text, at, settings, colour, edit]);
  const apply = (): void => {
    edit.keep();
    if (session.document.layers.find(id)) {
      session.chooseLayer(id);
      noteColourUsed(colour);
    } else {
      tell({ level: 'info', message: 'No text was added: none of it lies on the canvas.', remedy: '' });
    }
    onDone();
  };
  return (
    <Form
      onSubmit={(event) => {
        event.preventDefault();
        apply();
      }}
    >
      <TextField className="field" value={text} onChange={setText} autoFocus>
        <Label className="field-label">Text</Label>
        <TextArea className="input" rows={3} />
      </TextField>
      <TextField
        className="field"
        value={settings.font}
        onChange={(font) => changeTool('text', { font: font.slice(0, 100) })}
      >
        <Label className="field-label">Font</Label>
        <Input className="input" list="text-fonts" />
      </TextField>
      <datalist id="text-fonts">
        {FONTS.map((font) => (
          <option key={font} value={font} />
        ))}
      </datalist>
      <div className="pair">
        <NumberInput
          label="Size"
          value={settings.size}
          minimum={4}
          maximum={2000}
          onChange={(size) => changeTool('text', { size })}
        />
        <NumberInput
          label="Line height"
          value={settings.leading}
          minimum={0.5}
          maximum={3}
          step={0.1}
          onChange={(leading) => changeTool('text', { leading })}
        />
      </div>
      <SelectField
        label="Alignment"
        value={settings.align}
        options={ALIGNMENTS}
        onChange={(chosen) => {
          const found = ALIGNMENTS.find((option) => option.id === chosen);
          if (found) changeTool('text', { align: found.id });
        }}
      />
      <div className="pair">
        <ToggleButton
          className="button toggle"
          isSelected={settings.weight === 700}
          onChange={(bold) => changeTool('text', { weight: bold ? 700 : 400 })}
        >
          Bold
        </ToggleButton>
        <ToggleButton
          className="button toggle"
          isSelected={settings.italic}
          onChange={(italic) => changeTool('text', { italic })}
        >
          Italic
        </ToggleButton>
      </div>
      <FormActions submit="Apply" onCancel={onDone} isDisabled={text.trim() === ''} />
    </Form>
  );
}

/** Asks for the text that goes where the text tool was pressed; it is seen in the picture while it is written. */
export function TextDialog() {
  const { workspace } = useRoom();
  const at = useText((state) => state.at);
  const session = workspace.open?.session;
  const close = (): void => useText.setState({ at: null });
  return (
    <FormDialog
      title="Text"
      isOpen={at !== null}
      onOpenChange={(open) => {
        if (!open) close();
      }}
    >
      {at && session && <TextForm session={session} at={at} onDone={close} />}
    </FormDialog>
  );
}
