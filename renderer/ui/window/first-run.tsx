import { Brush, FolderOpen, Library, type LucideIcon, X } from 'lucide-react';
import { useEffect } from 'react';
import { Button } from 'react-aria-components';
import { changeForm, currentModel, useGeneration } from '../../generation/generation-store.ts';
import { useDocument } from '../../state/document/document-store.ts';
import { endFirstRun, useFirstRun } from '../../state/first-run-store.ts';
import { useLayout } from '../../state/layout-store.ts';
import { chooseTool } from '../../state/paint-store.ts';
import { windowMetrics } from '../../state/window-metrics.ts';
import { IconButton } from '../controls/icon-button.tsx';
import { useRoom } from '../workspace-context.tsx';

function focusOn(testId: 'canvas' | 'prompt'): void {
  document.querySelector<HTMLElement>(`[data-testid="${testId}"]`)?.focus();
}

interface TileProps {
  readonly icon: LucideIcon;
  readonly title: string;
  readonly what: string;
  readonly onPress: () => void;
}

function Tile({ icon: Icon, title, what, onPress }: TileProps) {
  return (
    <Button className="button first-tile" onPress={onPress}>
      <Icon size={20} strokeWidth={1.75} aria-hidden />
      <span>
        {title}
        <small className="dim">{what}</small>
      </span>
    </Button>
  );
}

/** Words that the model knows, where the prompt bar has no room for them. */
function Examples() {
  const examples = useGeneration((state) => currentModel(state)?.examples);
  if (!examples || examples.length === 0) return null;
  return (
    <div className="first-examples">
      <span className="dim">Try</span>
      {examples.slice(0, 6).map((example) => (
        <Button
          className="chip"
          key={example}
          onPress={() => {
            changeForm({ prompt: example });
            focusOn('prompt');
          }}
        >
          {example}
        </Button>
      ))}
    </div>
  );
}

/** At a first start: words to start from and three ways to begin. Goes as soon as something was begun. */
export function FirstRun() {
  const { commands } = useRoom();
  const offered = useFirstRun((state) => state.offered);
  const begun = useGeneration((state) => state.jobs.length > 0 || state.strip.length > 0);
  const edited = useDocument((state) => state.history.length > 0);
  const notes = useLayout(
    ({ preset, windowWidth, windowHeight }) => windowMetrics(preset, windowWidth, windowHeight).prompt === 96,
  );
  useEffect(() => {
    if (begun || edited) endFirstRun();
  }, [begun, edited]);
  if (!offered || begun || edited) return null;
  const run = (id: string) => (): void => {
    endFirstRun();
    void commands.find((command) => command.id === id)?.run();
  };
  return (
    <section className="first-run" aria-label="Ways to begin" data-testid="first-run">
      {!notes && <Examples />}
      <div className="first-tiles">
        <Tile
          icon={Brush}
          title="Paint"
          what="with a pen or the mouse"
          onPress={() => {
            endFirstRun();
            chooseTool('brush');
            focusOn('canvas');
          }}
        />
        <Tile
          icon={FolderOpen}
          title="Open a file"
          what="PSD, ORA, PNG, JPEG and more"
          onPress={run('document.import')}
        />
        <Tile
          icon={Library}
          title="Use my models"
          what="read where they lie, never copied"
          onPress={run('library.add-folder')}
        />
        <IconButton icon={X} label="Close" size={16} onPress={endFirstRun} />
      </div>
    </section>
  );
}
