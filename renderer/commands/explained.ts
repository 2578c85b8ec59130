import { StudioError } from '../../preload/contract/index.ts';
import { tell } from '../state/status-store.ts';

/** Does something that the studio may refuse; a refusal is said in the status line, with what to do. */
export async function explained(act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof StudioError)) throw error;
    tell({ level: 'bad', message: error.message, remedy: error.remedy });
  }
}
