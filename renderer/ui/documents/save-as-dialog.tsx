import { useState } from 'react';
import { Form, Input, Label, TextField } from 'react-aria-components';
import { useDocument } from '../../state/document/document-store.ts';
import { FormActions, FormDialog } from '../controls/form-dialog.tsx';
import { useLayout } from '../../state/layout-store.ts';
import { useRoom } from '../workspace-context.tsx';

function SaveAsForm({ onDone }: { onDone: () => void }) {
  const { workspace } = useRoom();
  const [name, setName] = useState(() => `${useDocument.getState().name} copy`);
  return (
    <Form
      className="new-document"
      onSubmit={(event) => {
        event.preventDefault();
        const path = name.trim();
        if (path === '') return;
        onDone();
        void workspace.saveAs(path);
      }}
    >
      <TextField className="field stacked" value={name} onChange={setName} maxLength={120}>
        <Label className="field-label">Name, in the studio's documents folder</Label>
        <Input className="input" />
      </TextField>
      <p className="dim caption">A copy with all its history; you go on in the copy.</p>
      <FormActions submit="Save" onCancel={onDone} />
    </Form>
  );
}

/** Another name for a copy; for browsers, which have no file dialog of the workstation. */
export function SaveAsDialog() {
  const isOpen = useLayout((state) => state.saveAsOpen);
  return (
    <FormDialog
      title="Save as"
      isOpen={isOpen}
      onOpenChange={(open) => useLayout.setState({ saveAsOpen: open })}
    >
      <SaveAsForm onDone={() => useLayout.setState({ saveAsOpen: false })} />
    </FormDialog>
  );
}
