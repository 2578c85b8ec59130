import { EngineError } from '../engine/error.ts';
import { freeBrushId, keepBrush } from '../state/brush-store.ts';
import { useLayout } from '../state/layout-store.ts';
import { changeBrush, usePaint } from '../state/paint-store.ts';
import { announce, tell } from '../state/status-store.ts';
import { presetSettings } from '../tools/brush/make-brush.ts';
import type { Workspace } from './workspace.ts';

/** Takes brushes of Photoshop, MyPaint and GIMP in; what does not map is listed afterwards. */
export async function importBrushes(workspace: Workspace, files: readonly File[]): Promise<void> {
  const { readBrushFile } = await import('../engine/brush/import/read-brush-file.ts');
  const report: { readonly name: string; readonly notes: readonly string[] }[] = [];
  for (const file of files) {
    try {
      const bytes = new Uint8Array(await file.arrayBuffer());
      const { brushes } = readBrushFile(bytes, file.name, (text) => new TextDecoder().decode(text));
      for (const { brush, notes } of brushes) {
        const kept = { ...brush, id: freeBrushId(brush.name) };
        keepBrush(workspace.link, kept);
        if (report.length === 0 && kept.mode === 'paint') {
          usePaint.setState({ tool: 'brush' });
          changeBrush(presetSettings(kept));
        }
        report.push({ name: kept.name, notes });
      }
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      tell({ level: 'bad', message: `${file.name}: ${error.message}`, remedy: 'Nothing was changed.' });
      return;
    }
  }
  const partly = report.filter(({ notes }) => notes.length > 0);
  const count = report.length === 1 ? `1 brush, ${report[0]?.name ?? ''}` : `${report.length} brushes`;
  announce(`Imported ${count}`);
  tell({
    level: partly.length > 0 ? 'warn' : 'info',
    message: `Imported ${count}.`,
    remedy: partly.length > 0 ? `${partly.length} of them only in part.` : '',
    ...(partly.length > 0
      ? { action: { label: 'What is left out', run: () => useLayout.setState({ importReport: partly }) } }
      : {}),
  });
}

/** Asks for files and takes their brushes in. */
export function chooseBrushFiles(workspace: Workspace): void {
  const input = document.createElement('input');
  input.type = 'file';
  input.multiple = true;
  input.accept = '.abr,.myb,.gbr,.gih,.vbr';
  input.addEventListener('change', () => void importBrushes(workspace, [...(input.files ?? [])]));
  input.click();
}
