import type { ReactNode } from 'react';
import { Button, Dialog, Heading, Modal, ModalOverlay, ProgressBar } from 'react-aria-components';

interface ProgressDialogProps {
  readonly isOpen: boolean;
  readonly title: string;
  /** What the bar counts, for readers of the screen. */
  readonly label: string;
  /** Of the work that is done, 0 to 1. */
  readonly share: number;
  readonly className?: string;
  /** Above the bar. */
  readonly picture?: ReactNode;
  /** A line below the bar. */
  readonly children: ReactNode;
  readonly onCancel: () => void;
}

/** Work that the window waits for: what it is, how far it is, and the way to stop it, which Esc is not. */
export function ProgressDialog(props: ProgressDialogProps) {
  const { isOpen, title, label, share, className = '', picture, children, onCancel } = props;
  return (
    <ModalOverlay className="overlay" isOpen={isOpen} isKeyboardDismissDisabled>
      <Modal className={`dialog ${className}`.trimEnd()}>
        <Dialog>
          <Heading slot="title" level={2}>
            {title}
          </Heading>
          {picture}
          <ProgressBar aria-label={label} value={share * 100}>
            {({ percentage }) => (
              <div className="progress">
                <div className="progress-fill" style={{ width: `${percentage ?? 0}%` }} />
              </div>
            )}
          </ProgressBar>
          {children}
          <div className="actions">
            <Button className="button" onPress={onCancel}>
              Cancel
            </Button>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
