import { useState } from 'react';
import { Form, Input, Label, TextField } from 'react-aria-components';
import { FormActions, FormDialog } from '../controls/form-dialog.tsx';
import { useLayout } from '../../state/layout-store.ts';
import { tell } from '../../state/status-store.ts';
import { useOpenDocument } from '../workspace-context.tsx';

/** The name that is offered is there to be written over. */
function takeName(input: HTMLInputElement | null): void {
  input?.focus();
  input?.select();
}

function SaveForm({ onDone }: { readonly onDone: () => void }) {
  const open = useOpenDocument();
  const [name, setName] = useState(() => `Selection ${(open?.session.savedSelections.list.length ?? 0) + 1}`);
  const taken = open?.session.savedSelections.list.some((each) => each.name === name.trim()) === true;
  return (
    <Form
      className="new-document"
      onSubmit={(event) => {
        event.preventDefault();
        const mask = open?.session.selection.mask;
        if (!mask || name.trim() === '') return;
        open?.session.savedSelections.save(name.trim(), mask);
        tell({
          level: 'info',
          message: `The selection "${name.trim()}" is kept with the document`,
          remedy: '',
        });
        onDone();
      }}
    >
      <TextField className="field stacked" value={name} onChange={setName} maxLength={100}>
        <Label className="field-label">Name</Label>
        <Input className="input" ref={takeName} />
      </TextField>
      <p className="dim caption">
        {taken
          ? 'Replaces the selection of this name.'
          : 'It is kept with the document and loaded from the Selection menu.'}
      </p>
      <FormActions submit="Save" onCancel={onDone} isDisabled={name.trim() === ''} />
    </Form>
  );
}

/** A name for the selection, under which it stays with the document. */
export function SaveSelectionDialog() {
  const isOpen = useLayout((state) => state.saveSelectionOpen);
  return (
    <FormDialog
      title="Save selection"
      isOpen={isOpen}
      onOpenChange={(open) => useLayout.setState({ saveSelectionOpen: open })}
    >
      <SaveForm onDone={() => useLayout.setState({ saveSelectionOpen: false })} />
    </FormDialog>
  );
}
