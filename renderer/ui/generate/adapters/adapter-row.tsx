import { Eye, EyeOff, GripVertical, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button } from 'react-aria-components';
import type { AdapterFit } from '../../../../preload/contract/index.ts';
import { inspect } from '../../../commands/library-actions.ts';
import { useGeneration } from '../../../generation/generation-store.ts';
import { openLibrary } from '../../../generation/library-watch.ts';
import { LEAST_STRENGTH, MOST_STRENGTH } from '../../../generation/shelf-store.ts';
import { type Inspection, inspectionKey, useLibrary } from '../../../state/library-store.ts';
import { useDocument } from '../../../state/document/document-store.ts';
import { ADAPTER_DRAG, writeDraggedAdapter } from '../../adapter-drag.ts';
import { IconButton } from '../../controls/icon-button.tsx';
import { ValueSlider } from '../../controls/value-slider.tsx';
import { useRoom } from '../../workspace-context.tsx';
import { AdapterPlace } from './adapter-place.tsx';
import type { ShelfRow } from './shelf-rows.ts';

/** How a row's file goes with the chosen model; undefined until the studio has said. */
function useInspection(path: string | null): Inspection | undefined {
  const { workspace } = useRoom();
  const modelId = useGeneration((state) => state.form.modelId);
  const inspection = useLibrary(({ inspections }) => inspections[inspectionKey(modelId, path ?? '')]);
  const missing = inspection === undefined && path !== null && modelId !== '';
  useEffect(() => {
    if (missing) void inspect(workspace.link, modelId, path);
  }, [workspace, modelId, path, missing]);
  return inspection;
}

function UnusedKeys({ fit }: { fit: AdapterFit }) {
  const more = fit.keys - fit.usedKeys - fit.unused.length;
  return (
    <ul className="unused-keys scroll" aria-label="Keys that change nothing">
      {fit.unused.map(({ key, reason }) => (
        <li key={key}>
          <code>{key}</code> <span className="dim">{reason}</span>
        </li>
      ))}
      {more > 0 && <li className="dim">and {more} more</li>}
    </ul>
  );
}

function MisfitNote({ row, inspection }: { row: ShelfRow; inspection: Inspection | undefined }) {
  const { workspace } = useRoom();
  const [keysShown, setKeysShown] = useState(false);
  const takeOff = (
    <Button className="button" onPress={row.remove}>
      Take off
    </Button>
  );
  if (row.path === null) {
    return (
      <output className="adapter-note">
        <span>
          <span className="sign">✕</span> {row.name} is not in the library and is left out. Add its folder, or
          correct its name.
        </span>
        <span className="adapter-acts">
          <Button className="button" onPress={() => openLibrary(workspace.link)}>
            Open library
          </Button>
          {takeOff}
        </span>
      </output>
    );
  }
  if (!inspection) return null;
  const { card, fit } = inspection;
  if (card.problem !== null) {
    return (
      <output className="adapter-note">
        <span>
          <span className="sign">✕</span> {card.problem}
        </span>
        <span className="adapter-acts">{takeOff}</span>
      </output>
    );
  }
  if (!fit?.notice) return null;
  const none = fit.verdict === 'none';
  return (
    <output className="adapter-note" data-verdict={fit.verdict}>
      <span>
        <span className="sign">{none ? '✕' : '◐'}</span> {fit.notice.message} {fit.notice.remedy}
      </span>
      <span className="adapter-acts">
        {none && fit.family !== null && (
          <Button
            className="button"
            onPress={() => openLibrary(workspace.link, 'checkpoint', fit.family ?? '')}
          >
            Models that fit
          </Button>
        )}
        <Button className="button" aria-expanded={keysShown} onPress={() => setKeysShown(!keysShown)}>
          See keys
        </Button>
        {takeOff}
      </span>
      {keysShown && <UnusedKeys fit={fit} />}
    </output>
  );
}

/** What is taken to drag an adapter onto a group of layers; by keyboard, the select below does the same. */
function DragHandle({ path, name }: { path: string; name: string }) {
  const groups = useDocument((state) => state.layers.some(({ kind }) => kind === 'group'));
  if (!groups) return null;
  return (
    <span
      className="adapter-grip"
      draggable
      aria-hidden
      title={`Drag ${name} onto a group of layers: it acts only where the group has paint`}
      data-testid="adapter-grip"
      onDragStart={(event) => {
        event.dataTransfer.effectAllowed = 'move';
        event.dataTransfer.setData(ADAPTER_DRAG, writeDraggedAdapter({ path, name }));
      }}
    >
      <GripVertical size={16} strokeWidth={1.75} />
    </span>
  );
}

/** An adapter on the shelf: on or off, its strength, and what is wrong with it, if anything. */
export function AdapterRow({ row }: { row: ShelfRow }) {
  const inspection = useInspection(row.path);
  return (
    <li className="adapter" data-off={!row.on} data-in-prompt={row.inPrompt} aria-label={row.name}>
      <div className="adapter-row">
        {row.path !== null && !row.inPrompt && <DragHandle path={row.path} name={row.name} />}
        <IconButton
          icon={row.on ? Eye : EyeOff}
          size={16}
          label={row.on ? `Turn ${row.name} off` : `Turn ${row.name} on`}
          onPress={() => row.setOn(!row.on)}
        />
        <div className="grow" title={row.path ?? row.name}>
          {row.inPrompt && <span className="adapter-from">in the prompt</span>}
          <ValueSlider
            className="adapter-strength"
            label={row.name}
            value={row.strength}
            minimum={LEAST_STRENGTH}
            maximum={MOST_STRENGTH}
            step={0.05}
            format={{ minimumFractionDigits: 2, maximumFractionDigits: 2 }}
            onChange={row.setStrength}
          />
        </div>
        <IconButton icon={X} size={16} label={`Take ${row.name} off`} onPress={row.remove} />
      </div>
      {row.path !== null && !row.inPrompt && <AdapterPlace path={row.path} name={row.name} />}
      <MisfitNote row={row} inspection={inspection} />
    </li>
  );
}
