import { type Change, type SavePoint, StudioError } from '../../preload/contract/index.ts';
import { useDocument } from '../state/document/document-store.ts';
import { useLayout } from '../state/layout-store.ts';
import { announce, tell } from '../state/status-store.ts';
import { undo } from './edit-commands.ts';
import type { Workspace } from './workspace.ts';

/** `Save point 3`: the first number that no save point of the document has. */
function freeName(points: readonly SavePoint[]): string {
  const names = new Set(points.map(({ name }) => name));
  for (let number = 1; ; number++) {
    const name = `Save point ${number}`;
    if (!names.has(name)) return name;
  }
}

/** Pins the present state under a name of its own, and offers to give it a better one. */
export async function addSavePoint(workspace: Workspace): Promise<void> {
  await attempt(workspace, async (documentId) => {
    const name = freeName(useDocument.getState().savePoints);
    const point = await workspace.link.request('documents.add-save-point', { documentId, name });
    useDocument.setState((state) => ({ savePoints: [...state.savePoints, point] }));
    announce(`${name} made`);
    tell({
      level: 'info',
      message: `${name} made. It stays restorable whatever happens to the history.`,
      remedy: '',
      action: { label: 'Name it', run: () => useLayout.setState({ namingSavePoint: point.id }) },
    });
  });
}

/** Gives a save point another name. */
export async function renameSavePoint(
  workspace: Workspace,
  savePointId: number,
  name: string,
): Promise<void> {
  await attempt(workspace, async (documentId) => {
    const point = await workspace.link.request('documents.rename-save-point', {
      documentId,
      savePointId,
      name,
    });
    useDocument.setState((state) => ({
      savePoints: state.savePoints.map((each) => (each.id === point.id ? point : each)),
    }));
  });
}

/** Forgets a save point; the picture stays as it is. */
export async function removeSavePoint(workspace: Workspace, savePointId: number): Promise<void> {
  await attempt(workspace, async (documentId) => {
    await workspace.link.request('documents.remove-save-point', { documentId, savePointId });
    useDocument.setState((state) => ({
      savePoints: state.savePoints.filter(({ id }) => id !== savePointId),
    }));
  });
}

/** Brings back a save point as one step, which undo takes back, and says so with a way back. */
export async function restoreSavePoint(workspace: Workspace, savePointId: number): Promise<void> {
  await attempt(workspace, async (documentId) => {
    const session = workspace.open?.session;
    if (!session) return;
    const { head } = session.history;
    const changes: Change[] = [];
    let name = '';
    for (let part = 0, parts = 1; part < parts; part++) {
      const answer = await workspace.link.request('documents.read-save-point', {
        documentId,
        savePointId,
        part,
      });
      changes.push(...answer.changes);
      ({ name, parts } = answer);
    }
    if (workspace.open?.session !== session) return;
    if (session.history.head !== head || workspace.penDown) {
      tell({
        level: 'info',
        message: `The picture changed while "${name}" was read; nothing was restored.`,
        remedy: 'Restore it again.',
      });
      return;
    }
    if (changes.length === 0) {
      tell({ level: 'info', message: `The picture is already as it was at "${name}".`, remedy: '' });
      return;
    }
    session.record(`Restore ${name}`.slice(0, 200), changes);
    announce(`Restored ${name}`);
    tell({
      level: 'info',
      message: `Restored "${name}" in one step.`,
      remedy: '',
      action: { label: 'Undo', run: () => void undo(workspace) },
    });
  });
}

/** What the file holds must be what is seen, so steps on their way go first. */
async function attempt(workspace: Workspace, act: (documentId: string) => Promise<void>): Promise<void> {
  const session = workspace.open?.session;
  if (!session || workspace.penDown) return;
  const { save, readOnly } = useDocument.getState();
  const obstacle = readOnly ?? (save.kind === 'held' ? save.reason : null);
  if (obstacle !== null) {
    tell({ level: 'warn', message: obstacle, remedy: 'Save a copy to go on.' });
    return;
  }
  try {
    await session.settled();
    await act(session.id);
  } catch (error) {
    if (!(error instanceof StudioError)) throw error;
    tell({ level: 'bad', message: error.message, remedy: error.remedy });
  }
}
