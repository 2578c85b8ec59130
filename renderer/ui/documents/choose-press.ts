import type { ProofIntent } from '../../../preload/contract/index.ts';
import { useProof } from '../../state/proof-store.ts';

/** Rendering intents as a person reads them. */
export const INTENTS: readonly { readonly id: ProofIntent; readonly name: string }[] = [
  { id: 'perceptual', name: 'Perceptual' },
  { id: 'relative', name: 'Relative colorimetric' },
  { id: 'saturation', name: 'Saturation' },
];

/** Asks for the ICC file of a press, by which the picture is proofed and exported from then on. */
export function choosePress(): void {
  const input = document.createElement('input');
  input.type = 'file';
  input.accept = '.icc,.icm';
  input.addEventListener('change', () => {
    const [file] = input.files ?? [];
    if (!file) return;
    void file.arrayBuffer().then((bytes) => {
      useProof.setState({ press: { name: file.name, bytes: new Uint8Array(bytes) } });
    });
  });
  input.click();
}
