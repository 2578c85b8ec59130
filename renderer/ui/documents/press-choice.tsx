import { Button } from 'react-aria-components';
import type { ProofIntent } from '../../../preload/contract/index.ts';
import { useProof } from '../../state/proof-store.ts';
import { SelectField } from '../controls/select-field.tsx';

const INTENTS: readonly { readonly id: ProofIntent; readonly name: string }[] = [
  { id: 'perceptual', name: 'Perceptual' },
  { id: 'relative', name: 'Relative colorimetric' },
  { id: 'saturation', name: 'Saturation' },
];

/** Asks for the ICC file of a press, by which the picture is proofed and exported from then on. */
function choosePress(): void {
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

/** The press and the rendering intent that proofs and exports share. @param label of the intent, as there is room for it. */
export function PressChoice({ label }: { readonly label: string }) {
  const intent = useProof((state) => state.intent);
  return (
    <>
      <Button className="button" onPress={choosePress}>
        Press profile…
      </Button>
      <SelectField
        label={label}
        value={intent}
        options={INTENTS}
        onChange={(id) => useProof.setState({ intent: id as ProofIntent })}
      />
    </>
  );
}
