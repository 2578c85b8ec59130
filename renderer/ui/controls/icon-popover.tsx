import type { ReactNode } from 'react';
import { Button, Dialog, DialogTrigger, Popover, type PopoverProps } from 'react-aria-components';

interface IconPopoverProps {
  /** Name of the button, and of what it opens. */
  readonly label: string;
  readonly icon: ReactNode;
  readonly placement: NonNullable<PopoverProps['placement']>;
  readonly offset: number;
  readonly popoverClass?: string;
  readonly bodyClass: string;
  readonly children: ReactNode;
  /** Where something else opens it too; left out: it looks after itself. */
  readonly isOpen?: boolean;
  readonly onOpenChange?: (open: boolean) => void;
}

/** An icon that opens a few controls beside itself. */
export function IconPopover(props: IconPopoverProps) {
  const { label, icon, placement, offset, popoverClass = '', bodyClass, children } = props;
  const { isOpen, onOpenChange } = props;
  const control = isOpen === undefined || onOpenChange === undefined ? {} : { isOpen, onOpenChange };
  return (
    <DialogTrigger {...control}>
      <Button className="button quiet icon-button" aria-label={label}>
        {icon}
      </Button>
      <Popover className={`popover ${popoverClass}`} placement={placement} offset={offset}>
        <Dialog aria-label={label} className={bodyClass}>
          {children}
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
