import { Plus } from 'lucide-react';
import { useEffect } from 'react';
import { Button, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';
import { newGuide, setGuide } from '../../../commands/conditioning-edits.ts';
import { currentModel, useGeneration } from '../../../generation/generation-store.ts';
import { missingNet, offeredGuides } from '../../../generation/guide-types.ts';
import { readLibrary } from '../../../generation/library-watch.ts';
import { activeLayer, useDocument } from '../../../state/document/document-store.ts';
import { useLibrary } from '../../../state/library-store.ts';
import { useOpenDocument, useRoom } from '../../workspace-context.tsx';

/** Makes the active layer a guide; types without a network are listed with the file that would enable them. */
export function GuidePicker() {
  const { workspace } = useRoom();
  const open = useOpenDocument();
  const layer = useDocument(activeLayer);
  const files = useLibrary((state) => state.files);
  const model = useGeneration(currentModel) ?? null;
  useEffect(() => {
    if (files === null) void readLibrary(workspace.link);
  }, [files, workspace]);
  const offered = offeredGuides(files ?? [], model);
  const usable = layer !== undefined && (layer.kind === 'paint' || layer.kind === 'generated');
  return (
    <MenuTrigger>
      <Button className="button quiet" isDisabled={!open || !usable}>
        <Plus size={16} strokeWidth={1.75} aria-hidden />
        Use layer as guide
      </Button>
      <Popover className="popover" placement="bottom end" offset={4}>
        <Menu
          className="menu guide-menu"
          aria-label={`Use ${layer?.name ?? 'the layer'} as guide`}
          disabledKeys={offered.filter(({ net }) => net === null).map(({ type }) => type.id)}
          onAction={(key) => {
            const chosen = offered.find(({ type }) => type.id === key);
            if (open && layer && chosen?.net)
              setGuide(open.session, layer, newGuide(chosen.net.path, chosen.type.prepare));
          }}
        >
          {offered.map(({ type, net }) => (
            <MenuItem className="menu-item" id={type.id} key={type.id} textValue={type.label}>
              <span className="guide-type">
                <span>{type.label}</span>
                <small className="dim">
                  {net === null
                    ? missingNet(type, model?.family ?? null, model?.name ?? 'this model')
                    : `${type.about} · ${net.name}`}
                </small>
              </span>
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
