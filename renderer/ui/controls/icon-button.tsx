import type { LucideIcon } from 'lucide-react';
import { Button, ToggleButton, Tooltip, TooltipTrigger } from 'react-aria-components';
import { isMac, keyText } from '../../commands/command.ts';
import { useShortcutOf } from '../workspace-context.tsx';

interface IconButtonProps {
  readonly icon: LucideIcon;
  /** Its name, spoken and shown as a tooltip. */
  readonly label: string;
  /** The command that does the same: its present key is shown. */
  readonly command?: string;
  readonly onPress: () => void;
  readonly isDisabled?: boolean;
  /** Set for buttons that are on or off. */
  readonly isSelected?: boolean;
  readonly size?: number;
  readonly className?: string;
}

/** A button that shows a picture: always named, with its key in the tooltip. */
export function IconButton(props: IconButtonProps) {
  const {
    icon: Icon,
    label,
    command,
    onPress,
    isDisabled = false,
    isSelected,
    size = 20,
    className = '',
  } = props;
  const key = useShortcutOf(command);
  const common = {
    className: `button quiet icon-button ${className}`,
    'aria-label': label,
    isDisabled,
    children: <Icon size={size} strokeWidth={1.75} aria-hidden fill="none" />,
  };
  return (
    <TooltipTrigger delay={500} closeDelay={0}>
      {isSelected === undefined ? (
        <Button {...common} onPress={onPress} />
      ) : (
        <ToggleButton {...common} isSelected={isSelected} onChange={onPress} />
      )}
      <Tooltip className="tooltip" offset={4}>
        {label}
        {key !== undefined && <kbd>{keyText(key, isMac())}</kbd>}
      </Tooltip>
    </TooltipTrigger>
  );
}
