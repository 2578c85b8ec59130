import { Brush as BrushIcon, GitFork, Images, Layers, ListOrdered, Palette, Settings2 } from 'lucide-react';
import type { ReactNode } from 'react';
import { useLayout } from '../../state/layout-store.ts';
import type { Preset, WindowClass } from '../../state/window-metrics.ts';
import { BrushList } from '../brushes/brush-list.tsx';
import { ColourPanel } from '../colour/colour-panel.tsx';
import { Swatches } from '../colour/swatches-panel.tsx';
import { GalleryList } from '../generate/gallery/gallery-list.tsx';
import { GeneratePanel } from '../generate/generate-panel.tsx';
import { QueueList } from '../generate/queue/queue-list.tsx';
import { VariationsPanel } from '../generate/variations/variations-panel.tsx';
import { HistoryList } from '../history/history-list.tsx';
import { LayerActions, LayerList } from '../layers/layers-panel.tsx';
import { Navigator } from './navigator.tsx';
import { IconPopover } from '../controls/icon-popover.tsx';
import { Panel } from './panel.tsx';
import { PanelTabs } from './panel-tabs.tsx';

function LayersAndHistory({ height }: { height?: number }) {
  return (
    <PanelTabs
      place="layers"
      label="Layers and history"
      testId="layers"
      height={height}
      actions={<LayerActions />}
      tabs={[
        { id: 'layers', title: 'Layers', content: <LayerList /> },
        { id: 'history', title: 'History', content: <HistoryList /> },
      ]}
    />
  );
}

function BrushesAndSwatches({ height }: { height?: number }) {
  return (
    <PanelTabs
      place="brushes"
      label="Brushes and swatches"
      height={height}
      tabs={[
        { id: 'brushes', title: 'Brushes', content: <BrushList /> },
        { id: 'swatches', title: 'Swatches', content: <Swatches /> },
      ]}
    />
  );
}

function VariationsAndGallery() {
  return (
    <PanelTabs
      place="results"
      label="Variations and gallery"
      tabs={[
        { id: 'variations', title: 'Variations', content: <VariationsPanel /> },
        { id: 'gallery', title: 'Gallery', content: <GalleryList /> },
      ]}
    />
  );
}

/** A tab's content under a heading that its own headings belong to; the tab says it to the eye. */
function headed(title: string, content: ReactNode): ReactNode {
  return (
    <>
      <h2 className="visually-hidden">{title}</h2>
      {content}
    </>
  );
}

/** In small windows everything about making pictures shares one place. */
function GenerateTabs() {
  return (
    <PanelTabs
      place="pictures"
      label="Generate, variations, gallery and queue"
      height={376}
      tabs={[
        { id: 'generate', title: 'Generate', content: headed('Generate', <GeneratePanel />) },
        { id: 'variations', title: 'Variations', content: <VariationsPanel /> },
        { id: 'gallery', title: 'Gallery', content: <GalleryList /> },
        { id: 'queue', title: 'Queue', content: headed('Queue', <QueueList />) },
      ]}
    />
  );
}

/** What stands left of the canvas, if anything. */
export function LeftDock({ preset, kind }: { preset: Preset; kind: WindowClass }) {
  const large = kind === 'large';
  return (
    <aside className="dock left" aria-label="Left dock">
      {preset === 'paint' ? (
        <>
          <Panel id="brushes" title="Brushes" height={large ? 860 : 640}>
            <BrushList />
          </Panel>
          <Panel id="swatches" title="Swatches">
            <Swatches />
          </Panel>
        </>
      ) : (
        <Panel id="gallery" title="Gallery">
          <GalleryList />
        </Panel>
      )}
    </aside>
  );
}

/** The dock right of the canvas. */
export function RightDock({ preset, kind }: { preset: Preset; kind: WindowClass }) {
  if (preset === 'generate') {
    return (
      <aside className="dock right" aria-label="Right dock">
        {kind === 'small' ? (
          <>
            <GenerateTabs />
            <LayersAndHistory />
          </>
        ) : (
          <>
            <Panel id="generate" title="Generate" height={kind === 'large' ? 820 : 640}>
              <GeneratePanel />
            </Panel>
            {kind === 'large' ? (
              <Panel id="variations" title="Variations">
                <VariationsPanel />
              </Panel>
            ) : (
              <VariationsAndGallery />
            )}
          </>
        )}
      </aside>
    );
  }
  const heights = { compact: 216, small: 216, medium: 296, large: 344 } as const;
  return (
    <aside className="dock right" aria-label="Right dock">
      <ColourPanel height={heights[kind]} />
      {kind === 'small' ? (
        <BrushesAndSwatches height={172} />
      ) : (
        <Panel id="navigator" title="Navigator" height={kind === 'large' ? 216 : 168}>
          <Navigator />
        </Panel>
      )}
      <LayersAndHistory />
    </aside>
  );
}

/** The second dock of wide Generate windows. */
export function SecondDock({ kind }: { kind: WindowClass }) {
  const large = kind === 'large';
  return (
    <aside className="dock second" aria-label="Second dock">
      <ColourPanel height={large ? 296 : 232} />
      <LayersAndHistory height={large ? 720 : 520} />
      <Panel id="queue" title="Queue">
        <QueueList />
      </Panel>
    </aside>
  );
}

function FlyOut(props: { label: string; icon: ReactNode; children: ReactNode }) {
  const name = props.label.toLowerCase();
  const isOpen = useLayout((state) => state.flyOut === name);
  return (
    <IconPopover
      {...props}
      placement="left top"
      offset={8}
      popoverClass="fly-out"
      bodyClass="fly-out-body"
      isOpen={isOpen}
      onOpenChange={(open) => useLayout.setState({ flyOut: open ? name : null })}
    />
  );
}

/** In the smallest windows docks are a strip of icons whose panels fly out. */
export function DockStrip({ preset }: { preset: Preset }) {
  const icon = { size: 20, strokeWidth: 1.75, 'aria-hidden': true } as const;
  return (
    <aside className="dock right dock-strip" aria-label="Panels" data-testid="layers">
      {preset === 'generate' && (
        <>
          <FlyOut label="Generate" icon={<Settings2 {...icon} />}>
            <Panel id="generate" title="Generate" fixed>
              <GeneratePanel />
            </Panel>
          </FlyOut>
          <FlyOut label="Variations" icon={<GitFork {...icon} />}>
            <Panel id="variations" title="Variations" fixed>
              <VariationsPanel />
            </Panel>
          </FlyOut>
          <FlyOut label="Queue" icon={<ListOrdered {...icon} />}>
            <Panel id="queue" title="Queue" fixed>
              <QueueList />
            </Panel>
          </FlyOut>
          <FlyOut label="Gallery" icon={<Images {...icon} />}>
            <Panel id="gallery" title="Gallery" fixed>
              <GalleryList />
            </Panel>
          </FlyOut>
        </>
      )}
      <FlyOut label="Colour" icon={<Palette {...icon} />}>
        <ColourPanel fixed />
      </FlyOut>
      <FlyOut label="Brushes" icon={<BrushIcon {...icon} />}>
        <BrushesAndSwatches />
      </FlyOut>
      <FlyOut label="Layers" icon={<Layers {...icon} />}>
        <LayersAndHistory />
      </FlyOut>
    </aside>
  );
}
