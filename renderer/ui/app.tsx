import { useEffect } from 'react';
import { useLayout } from '../state/layout-store.ts';
import { windowClass, windowMetrics } from '../state/window-metrics.ts';
import { AidsDialog } from './aids/aids-dialog.tsx';
import { BrushEditor } from './brushes/brush-editor.tsx';
import { ImportReport } from './brushes/import-report.tsx';
import { CanvasRegion } from './canvas/canvas-region.tsx';
import { ShortcutsDialog } from './commands/shortcuts-dialog.tsx';
import { CommandPalette } from './commands/command-palette.tsx';
import { DocumentsDialog } from './documents/documents-dialog.tsx';
import { ExportDialog } from './documents/export-dialog.tsx';
import { FileJobDialog } from './documents/file-job-dialog.tsx';
import { OpeningDialog } from './documents/opening-dialog.tsx';
import { ProofDialog } from './documents/proof-dialog.tsx';
import { NewDocumentDialog } from './documents/new-document-dialog.tsx';
import { PictureSizeDialog } from './documents/picture-size-dialog.tsx';
import { SaveSelectionDialog } from './selection/save-selection-dialog.tsx';
import { SaveAsDialog } from './documents/save-as-dialog.tsx';
import { TimeLapseDialog } from './documents/time-lapse-dialog.tsx';
import { FoundSettingsDialog } from './generate/found/found-settings-dialog.tsx';
import { GridDialog } from './generate/grid/grid-dialog.tsx';
import { Hud } from './hud/hud.tsx';
import { PromptBar } from './generate/prompt-bar.tsx';
import { DockStrip, LeftDock, RightDock, SecondDock } from './window/docks.tsx';
import { LibraryPage } from './library/library-page.tsx';
import { Rail } from './window/rail.tsx';
import { regionSizes } from './window/region-sizes.ts';
import { StatusLine } from './window/status-line.tsx';
import { ToolOptions } from './window/tool-options.tsx';
import { TopBar } from './window/top-bar.tsx';

/** The window: bars, docks, canvas, in the order in which the keyboard walks them. */
export function App() {
  const layout = useLayout();
  const { preset, windowWidth, windowHeight, panelsHidden } = layout;
  const kind = windowClass(windowWidth, windowHeight);
  const metrics = windowMetrics(preset, windowWidth, windowHeight);
  useEffect(() => {
    const measure = (): void =>
      useLayout.setState({ windowWidth: window.innerWidth, windowHeight: window.innerHeight });
    measure();
    window.addEventListener('resize', measure);
    return () => window.removeEventListener('resize', measure);
  }, []);
  useEffect(() => {
    document.documentElement.dataset['theme'] = layout.theme;
    document.documentElement.dataset['density'] = layout.density;
  }, [layout.theme, layout.density]);
  return (
    <div
      className={kind === 'compact' ? 'window compact' : 'window'}
      data-preset={preset}
      data-left-handed={layout.leftHanded}
      style={regionSizes(metrics, panelsHidden)}
    >
      <TopBar compact={kind === 'compact'} />
      {!panelsHidden && metrics.options > 0 && <ToolOptions />}
      {!panelsHidden && <Rail />}
      {!panelsHidden && metrics.left > 0 && <LeftDock preset={preset} kind={kind} />}
      <CanvasRegion />
      {!panelsHidden && <PromptBar notes={metrics.prompt === 96} />}
      {!panelsHidden &&
        (metrics.flyOut ? <DockStrip preset={preset} /> : <RightDock preset={preset} kind={kind} />)}
      {!panelsHidden && metrics.rightSecond > 0 && <SecondDock kind={kind} />}
      <StatusLine />
      <BrushEditor />
      <Hud />
      <ImportReport />
      <CommandPalette />
      <ShortcutsDialog />
      <DocumentsDialog />
      <NewDocumentDialog />
      <PictureSizeDialog />
      <AidsDialog />
      <SaveAsDialog />
      <SaveSelectionDialog />
      <TimeLapseDialog />
      <FoundSettingsDialog />
      <GridDialog />
      <ExportDialog />
      <ProofDialog />
      <FileJobDialog />
      <OpeningDialog />
      <LibraryPage />
    </div>
  );
}
