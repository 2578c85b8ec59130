import { Button } from 'react-aria-components';

interface ApplyButtonsProps {
  /** Which keys do the same. */
  readonly hint?: string;
  readonly onCancel: () => void;
  readonly onApply: () => void;
}

/** Both ways out of an edit that the canvas shows before it is made. */
export function ApplyButtons({ hint, onCancel, onApply }: ApplyButtonsProps) {
  return (
    <div className="text-buttons">
      <span className="dim caption grow">{hint}</span>
      <Button className="button" onPress={onCancel}>
        Cancel
      </Button>
      <Button className="button primary" onPress={onApply}>
        Apply
      </Button>
    </div>
  );
}
