import { stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Where other programs keep models by default, below the home folder or a drive's root. */
const PLACES: ReadonlyArray<readonly [program: string, folder: string]> = [
  ['A1111', 'stable-diffusion-webui/models'],
  ['Forge', 'stable-diffusion-webui-forge/models'],
  ['Forge', 'webui_forge/webui/models'],
  ['SD.Next', 'automatic/models'],
  ['ComfyUI', 'ComfyUI/models'],
  ['ComfyUI', 'Documents/ComfyUI/models'],
  ['ComfyUI', 'ComfyUI_windows_portable/ComfyUI/models'],
  ['InvokeAI', 'invokeai/models'],
  ['InvokeAI', 'InvokeAI/models'],
  ['Fooocus', 'Fooocus/models'],
  ['Stability Matrix', 'AppData/Roaming/StabilityMatrix/Models'],
  ['Stability Matrix', 'StabilityMatrix/Models'],
  ['Hugging Face', '.cache/huggingface/hub'],
];

/**
 * The folders of {@link PLACES} that are there. Nothing in them is read.
 *
 * @param roots folders to look below, such as the home folder
 */
export async function knownFolders(roots: readonly string[]): Promise<{ program: string; path: string }[]> {
  const all = roots.flatMap((root) =>
    PLACES.map(([program, folder]) => ({ program, path: join(root, folder) })),
  );
  const there = await Promise.all(
    all.map(async ({ path }) => (await stat(path).catch(() => null))?.isDirectory() ?? false),
  );
  return all.filter((_place, index) => there[index]);
}
