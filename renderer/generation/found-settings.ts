import { create } from 'zustand';
import {
  type FoundSettings,
  MAX_PICTURE_FILE,
  StudioError,
  type UsableSettings,
} from '../../preload/contract/index.ts';
import { tell } from '../state/status-store.ts';
import type { StudioLink } from '../state/studio-link.ts';
import { changeForm, type GenerationForm, useGeneration } from './generation-store.ts';

/** What a picture file that was dropped says of its making. */
interface FoundState {
  shown: {
    readonly file: string;
    readonly bytes: Uint8Array<ArrayBuffer>;
    readonly found: FoundSettings;
    readonly use: UsableSettings;
  } | null;
}

/** The file whose settings are looked at. */
export const useFound = create<FoundState>()(() => ({ shown: null }));

/**
 * Reads how a picture was made and shows it.
 * @param quiet true where a picture that does not say so need not be told of.
 */
export async function lookAtPicture(link: StudioLink, file: File, quiet = false): Promise<void> {
  try {
    if (file.size > MAX_PICTURE_FILE) throw tooLarge(file);
    const bytes = new Uint8Array(await file.arrayBuffer());
    const read = await link.request('provenance.read', { bytes });
    if (read === null) {
      if (quiet) return;
      tell({ level: 'info', message: `${file.name} does not say how it was made.`, remedy: '' });
      return;
    }
    useFound.setState({ shown: { file: file.name, bytes, ...read } });
  } catch (error) {
    if (!(error instanceof StudioError)) throw error;
    if (quiet) return;
    tell({ level: 'bad', message: error.message, remedy: error.remedy });
  }
}

/** Fills the panel with what can be had; settings that the picture does not name stay as they are. */
export function takeFoundSettings(use: UsableSettings): void {
  const { models, form } = useGeneration.getState();
  const known = models.some(({ id }) => id === use.modelId);
  const change: Partial<GenerationForm> = {
    prompt: use.prompt,
    negative: use.negative,
    modelId: known && use.modelId !== null ? use.modelId : form.modelId,
    noise: use.noise ?? 'philox',
    ...(use.sampler === null ? {} : { sampler: use.sampler }),
    ...(use.steps === null ? {} : { steps: use.steps }),
    ...(use.guidance === null ? {} : { guidance: use.guidance }),
    ...(use.seed === null ? {} : { seed: use.seed, seedLocked: true }),
    ...(use.width === null ? {} : { width: use.width }),
    ...(use.height === null ? {} : { height: use.height }),
    ...(use.strength === null ? {} : { strength: use.strength }),
  };
  changeForm(change);
}

function tooLarge({ name, size }: File): StudioError {
  return new StudioError(
    'picture/too-large',
    `${name} has ${size} bytes; ${MAX_PICTURE_FILE} are looked through.`,
    'Make it smaller.',
  );
}
