import { ChevronDown, Pin } from 'lucide-react';
import { Button, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';
import { useGeneration } from '../../generation/generation-store.ts';
import { possibleVerbs, verbFor } from '../../generation/verb.ts';
import { useVerbFacts } from './use-verb.ts';

/** Forces another verb than the one that the canvas says; a forced one shows a pin until it is let go. */
export function VerbMenu() {
  const facts = useVerbFacts();
  const verb = verbFor(facts);
  const verbs = possibleVerbs(facts);
  if (verbs.length < 2 && !verb.pinned) return null;
  const Icon = verb.pinned ? Pin : ChevronDown;
  return (
    <MenuTrigger>
      <Button
        className="button quiet icon-button"
        aria-label={verb.pinned ? `${verb.label} is pinned; choose another` : 'Do something else'}
      >
        <Icon size={16} strokeWidth={1.75} aria-hidden />
      </Button>
      <Popover className="popover" placement="top end" offset={4}>
        <Menu
          className="menu"
          aria-label="What a press does"
          onAction={(key) => {
            const chosen = verbs.find(({ kind }) => kind === key);
            useGeneration.setState({ forcedVerb: chosen?.kind ?? null });
          }}
        >
          <MenuItem className="menu-item" id="canvas">
            What the canvas says
          </MenuItem>
          {verbs.map(({ kind, label }) => (
            <MenuItem className="menu-item" id={kind} key={kind}>
              {label}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
