import {
  Button,
  Dialog,
  Disclosure,
  DisclosurePanel,
  Heading,
  Modal,
  ModalOverlay,
} from 'react-aria-components';
import type { FoundSettings } from '../../../../preload/contract/index.ts';
import { replayFile } from '../../../commands/replay-actions.ts';
import { takeFoundSettings, useFound } from '../../../generation/found-settings.ts';
import { useLayout } from '../../../state/layout-store.ts';
import { tell } from '../../../state/status-store.ts';
import { useRoom } from '../../workspace-context.tsx';

const TOOLS: Readonly<Record<FoundSettings['tool'], string>> = {
  impasto: 'Impasto',
  a1111: 'A1111 or Forge',
  comfyui: 'ComfyUI',
  invokeai: 'InvokeAI',
  fooocus: 'Fooocus',
  'draw-things': 'Draw Things',
  novelai: 'NovelAI',
};

function facts(found: FoundSettings): readonly (readonly [name: string, value: string])[] {
  const { prompt, negative, model, sampler, steps, guidance, seed, width, height, strength, vae, hires } =
    found;
  const rows: readonly (readonly [string, string | number | null | undefined])[] = [
    ['Prompt', prompt === '' ? 'none' : prompt],
    ['Negative', negative],
    ['Model', model?.name],
    ['VAE', vae],
    ['Sampler', sampler && (sampler.id === null ? `${sampler.written} (not here)` : sampler.written)],
    ['Steps', steps],
    ['Guidance', guidance],
    ['Seed', seed],
    ['Size', width !== null && height !== null ? `${width} × ${height}` : null],
    ['Strength', strength],
    ['Adapters', found.adapters.map((each) => `${each.name} ${each.strength}`).join(', ')],
    ['Guides', found.controls.map((each) => `${each.name} ${each.strength}`).join(', ')],
    ['Second pass', hires && `${hires.upscaler ?? ''}${hires.scale === null ? '' : ` × ${hires.scale}`}`],
  ];
  return rows.flatMap(([name, value]) =>
    value === null || value === undefined || value === '' ? [] : [[name, String(value)] as const],
  );
}

function Unknown({ parts }: { parts: FoundSettings['unknown'] }) {
  if (parts.length === 0) return null;
  return (
    <Disclosure>
      <Heading level={3}>
        <Button slot="trigger" className="button quiet">
          {parts.length} {parts.length === 1 ? 'part' : 'parts'} that Impasto has no use for
        </Button>
      </Heading>
      <DisclosurePanel>
        <dl className="facts scroll">
          {parts.map(({ name, value }, index) => (
            <div key={`${index} ${name}`}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </DisclosurePanel>
    </Disclosure>
  );
}

/** How a picture that was dropped was made, and the button that takes its settings over. */
export function FoundSettingsDialog() {
  const { workspace } = useRoom();
  const shown = useFound((state) => state.shown);
  const close = (): void => useFound.setState({ shown: null });
  return (
    <ModalOverlay className="overlay" isOpen={shown !== null} isDismissable onOpenChange={close}>
      <Modal className="dialog">
        <Dialog>
          {shown && (
            <>
              <Heading slot="title" level={2}>
                {shown.file}: made by {TOOLS[shown.found.tool]}
              </Heading>
              <dl className="facts scroll">
                {facts(shown.found).map(([name, value], index) => (
                  <div key={`${index} ${name}`}>
                    <dt>{name}</dt>
                    <dd>{value}</dd>
                  </div>
                ))}
              </dl>
              {shown.use.notices.length > 0 && (
                <ul className="notices">
                  {shown.use.notices.map((notice) => (
                    <li key={notice}>△ {notice}</li>
                  ))}
                </ul>
              )}
              <Unknown parts={shown.found.unknown} />
              <div className="actions">
                <Button className="button" onPress={close}>
                  Cancel
                </Button>
                {shown.found.tool === 'impasto' && (
                  <Button
                    className="button"
                    onPress={() => {
                      close();
                      void replayFile(workspace, shown.bytes);
                    }}
                  >
                    Replay
                  </Button>
                )}
                <Button
                  className="button primary"
                  onPress={() => {
                    takeFoundSettings(shown.use);
                    useLayout.setState({ preset: 'generate' });
                    tell({
                      level: 'info',
                      message: `Settings of ${shown.file} are in the panel.`,
                      remedy: '',
                    });
                    close();
                  }}
                >
                  Use its settings
                </Button>
              </div>
            </>
          )}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
