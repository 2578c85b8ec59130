import { X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { Button, Input, Label, Tab, TabList, TabPanel, Tabs, TextField } from 'react-aria-components';
import type { Brush } from '../../engine/brush/brush.ts';
import {
  dropBrush,
  findBrush,
  freeBrushId,
  keepBrush,
  shippedBrush,
  useBrushes,
} from '../../state/brush-store.ts';
import { useLayout } from '../../state/layout-store.ts';
import { activeBrushKey, changeBrush, usePaint } from '../../state/paint-store.ts';
import { presetSettings } from '../../tools/brush/make-brush.ts';
import { IconButton } from '../controls/icon-button.tsx';
import { useRoom } from '../workspace-context.tsx';
import { ColourPart, DualPart, GrainPart, PaintPart, TipPart } from './brush-parts.tsx';
import { DynamicsEditor } from './dynamics-editor.tsx';
import { StrokePreview } from './stroke-preview.tsx';

const TABS = [
  { id: 'tip', title: 'Tip', Part: TipPart },
  { id: 'paint', title: 'Paint', Part: PaintPart },
  { id: 'grain', title: 'Grain', Part: GrainPart },
  { id: 'dual', title: '2nd tip', Part: DualPart },
  { id: 'colour', title: 'Colour', Part: ColourPart },
] as const;

const close = (): void => useLayout.setState({ brushEditorOpen: false });

/** The brush in hand with what the tool options changed of it. */
function useBrushInHand(): Brush | undefined {
  const settings = usePaint((state) => state[activeBrushKey(state)]);
  const own = useBrushes((state) => state.own);
  const preset = own.find(({ id }) => id === settings.presetId) ?? findBrush(settings.presetId);
  if (!preset) return undefined;
  const { size, opacity, flow, hardness, stabiliser } = settings;
  return { ...preset, size, opacity, flow, hardness, stabiliser };
}

function EditorBody({ brush }: { brush: Brush }) {
  const { workspace } = useRoom();
  const [name, setName] = useState(brush.name);
  const shipped = shippedBrush(brush.id);
  const changed = useBrushes((state) => state.own.some(({ id }) => id === brush.id));
  const change = (part: Partial<Brush>): void => {
    const next = { ...brush, ...part };
    keepBrush(workspace.link, next);
    changeBrush(presetSettings(next));
  };
  const choose = (next: Brush): void => changeBrush(presetSettings(next));
  return (
    <>
      <div className="brush-editor-preview">
        <StrokePreview brush={brush} />
      </div>
      <div className="brush-editor-names">
        <TextField
          className="field grow"
          value={name}
          onChange={setName}
          maxLength={80}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && name.trim() !== '') change({ name: name.trim() });
            else event.continuePropagation();
          }}
        >
          <Label className="visually-hidden">Name, Enter renames</Label>
          <Input className="input" />
        </TextField>
        <Button
          className="button"
          onPress={() => {
            const title = name.trim() === brush.name ? `${brush.name} 2` : name.trim() || brush.name;
            const copy = { ...brush, id: freeBrushId(title), name: title };
            keepBrush(workspace.link, copy);
            // The changes go with the new brush; the one that ships is as it was.
            if (shipped && changed) dropBrush(workspace.link, brush.id);
            choose(copy);
          }}
        >
          Save as new
        </Button>
        <Button
          className="button"
          isDisabled={!changed}
          onPress={() => {
            dropBrush(workspace.link, brush.id);
            choose(shipped ?? findBrush(brush.mode === 'erase' ? 'eraser' : 'round') ?? brush);
          }}
        >
          {shipped ? 'Reset' : 'Delete'}
        </Button>
      </div>
      <Tabs className="brush-editor-tabs">
        <TabList className="tab-list" aria-label="Parts of the brush">
          {TABS.map(({ id, title }) => (
            <Tab className="tab" id={id} key={id}>
              {title}
            </Tab>
          ))}
          <Tab className="tab" id="dynamics">
            Dynamics
          </Tab>
        </TabList>
        {TABS.map(({ id, Part }) => (
          <TabPanel className="brush-editor-part scroll" id={id} key={id}>
            <Part brush={brush} onChange={change} />
          </TabPanel>
        ))}
        <TabPanel className="brush-editor-part scroll" id="dynamics">
          <DynamicsEditor brush={brush} onChange={(dynamics) => change({ dynamics })} />
        </TabPanel>
      </Tabs>
    </>
  );
}

/** Every parameter and curve of the brush in hand, live; what is changed is kept at once. The canvas stays usable. */
export function BrushEditor() {
  const isOpen = useLayout((state) => state.brushEditorOpen);
  const brush = useBrushInHand();
  const panel = useRef<HTMLElement>(null);
  useEffect(() => {
    if (!isOpen) return undefined;
    const opener = document.activeElement;
    // Its tabs are there some renders later than itself; the next Tab reaches them, and Esc is heard at once.
    panel.current?.focus();
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape') return;
      event.stopPropagation();
      close();
    };
    const element = panel.current;
    element?.addEventListener('keydown', onKey);
    return () => {
      element?.removeEventListener('keydown', onKey);
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    };
  }, [isOpen]);
  if (!isOpen || !brush) return null;
  return (
    <section ref={panel} className="brush-editor" aria-label="Brush editor" tabIndex={-1}>
      <header className="panel-header">
        <h2 className="grow">Brush editor</h2>
        <IconButton
          icon={X}
          size={16}
          label="Close the brush editor"
          command="brush.editor"
          onPress={close}
        />
      </header>
      <EditorBody brush={brush} key={brush.id} />
    </section>
  );
}
