import { Contrast } from 'lucide-react';
import {
  Button,
  Header,
  Menu,
  MenuItem,
  MenuSection,
  MenuTrigger,
  Popover,
  Text,
} from 'react-aria-components';
import {
  addAdjustment,
  addGradientFill,
  addSolidFill,
  NEW_ADJUSTMENTS,
} from '../../commands/effect-layers.ts';
import type { DocumentSession } from '../../state/document/document-session.ts';

/** Makes an adjustment or a fill layer above the active one; with something selected, masked by it. */
export function NewEffectMenu({ session }: { session: DocumentSession }) {
  return (
    <MenuTrigger>
      <Button className="button quiet icon-button" aria-label="New adjustment or fill layer">
        <Contrast size={16} strokeWidth={1.75} aria-hidden />
      </Button>
      <Popover className="popover" placement="bottom end" offset={4}>
        <Menu className="menu" aria-label="New adjustment or fill layer">
          <MenuSection>
            <Header className="menu-header">Adjust what is below</Header>
            {NEW_ADJUSTMENTS.map(({ name, settings }) => (
              <MenuItem
                className="menu-item"
                id={settings.type}
                key={settings.type}
                textValue={name}
                onAction={() => addAdjustment(session, settings)}
              >
                <Text slot="label">{name}</Text>
              </MenuItem>
            ))}
          </MenuSection>
          <MenuSection>
            <Header className="menu-header">Fill</Header>
            <MenuItem
              className="menu-item"
              id="solid"
              textValue="Colour"
              onAction={() => addSolidFill(session)}
            >
              <Text slot="label">Colour</Text>
            </MenuItem>
            <MenuItem
              className="menu-item"
              id="gradient"
              textValue="Gradient"
              onAction={() => addGradientFill(session)}
            >
              <Text slot="label">Gradient</Text>
            </MenuItem>
          </MenuSection>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
