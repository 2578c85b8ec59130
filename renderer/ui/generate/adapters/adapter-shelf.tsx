import { useGeneration } from '../../../generation/generation-store.ts';
import { useShelf } from '../../../generation/shelf-store.ts';
import { useLibrary } from '../../../state/library-store.ts';
import { AdapterPicker } from './adapter-picker.tsx';
import { AdapterRow } from './adapter-row.tsx';
import { shelfRows } from './shelf-rows.ts';

/** The adapters beside the model: those that were added, and those that the prompt calls. */
export function AdapterShelf() {
  const adapters = useShelf((state) => state.adapters);
  const prompt = useGeneration((state) => state.form.prompt);
  const library = useLibrary((state) => state.adapters);
  const rows = shelfRows(adapters, prompt, library);
  return (
    <section className="adapter-shelf" aria-label="Adapters" data-testid="adapter-shelf">
      <header>
        <h3 className="field-label grow">Adapters{rows.length > 0 ? ` · ${rows.length}` : ''}</h3>
        <AdapterPicker />
      </header>
      {rows.length > 0 && (
        <ul aria-label="Adapters on the shelf">
          {rows.map((row) => (
            <AdapterRow row={row} key={row.key} />
          ))}
        </ul>
      )}
    </section>
  );
}
