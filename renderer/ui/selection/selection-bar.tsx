import { useStore } from 'zustand';
import { Button, Toolbar } from 'react-aria-components';
import { useView } from '../../canvas/view-store.ts';
import { screenBounds } from '../../canvas/view-transform.ts';
import { useGeneration } from '../../generation/generation-store.ts';
import type { VerbKind } from '../../generation/verb.ts';
import { useLayout } from '../../state/layout-store.ts';
import { paintedSelection } from '../../state/painted-selection.ts';
import { useRoom } from '../workspace-context.tsx';
import { useSelection } from './use-selection.ts';

/** Size of the bar and its distance from the selection and the edges, in CSS px. */
const BAR = { width: 456, height: 36, gap: 8 };

const VERBS: readonly { kind: VerbKind; name: string }[] = [
  { kind: 'fill', name: 'Fill' },
  { kind: 'refine-selection', name: 'Refine' },
  { kind: 'remove', name: 'Remove' },
];

const COMMANDS = [
  ['grow', 'Grow'],
  ['feather', 'Feather'],
  ['to-mask', 'To mask'],
  ['none', 'Deselect'],
] as const;

/** What is asked for most of a selection, under it. */
export function SelectionBar() {
  const { workspace, commands } = useRoom();
  const mask = useSelection();
  const wanted = useLayout((state) => state.selectionBar);
  const { view, scale, screenWidth, screenHeight } = useView();
  // Brushes are to reach every place while they paint the selection.
  const painting = useStore(paintedSelection, (state) => state.now !== null);
  if (!mask || !wanted || painting) return null;
  const bounds = screenBounds(view, mask.bounds());
  const room = { width: screenWidth / scale, height: screenHeight / scale };
  const centre = (bounds.x + bounds.width / 2) / scale;
  const below = (bounds.y + bounds.height) / scale + BAR.gap;
  const left = Math.max(BAR.gap, Math.min(room.width - BAR.width - BAR.gap, centre - BAR.width / 2));
  const top = Math.max(BAR.gap, Math.min(room.height - BAR.height - BAR.gap, below));
  const generate = (kind: VerbKind): void => {
    useGeneration.setState({ forcedVerb: kind });
    void workspace.generator.start();
  };
  return (
    <Toolbar className="selection-bar" aria-label="Selection" style={{ left, top }}>
      {VERBS.map(({ kind, name }) => (
        <Button className="button quiet" key={kind} onPress={() => generate(kind)}>
          {name}
        </Button>
      ))}
      {COMMANDS.map(([id, name]) => (
        <Button
          className="button quiet"
          key={id}
          onPress={() => void commands.find((command) => command.id === `selection.${id}`)?.run()}
        >
          {name}
        </Button>
      ))}
    </Toolbar>
  );
}
