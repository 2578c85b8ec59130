import type { ReactNode } from 'react';
import { Button, Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';

interface FormDialogProps {
  readonly title: string;
  readonly isOpen: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly children: ReactNode;
}

/** A window that asks for a few values; Esc and a press beside it close it. */
export function FormDialog({ title, isOpen, onOpenChange, children }: FormDialogProps) {
  return (
    <ModalOverlay className="overlay" isOpen={isOpen} isDismissable onOpenChange={onOpenChange}>
      <Modal className="dialog">
        <Dialog>
          <Heading slot="title" level={2}>
            {title}
          </Heading>
          {children}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

interface FormActionsProps {
  /** What sending the form is called. */
  readonly submit: string;
  readonly onCancel: () => void;
  readonly isDisabled?: boolean;
}

/** The last row of a form: leave it, or send it. */
export function FormActions({ submit, onCancel, isDisabled = false }: FormActionsProps) {
  return (
    <div className="actions">
      <Button className="button" onPress={onCancel}>
        Cancel
      </Button>
      <Button className="button primary" type="submit" isDisabled={isDisabled}>
        {submit}
      </Button>
    </div>
  );
}
