import { guideLayers } from '../../../generation/canvas-facts.ts';
import { useDocument } from '../../../state/document/document-store.ts';
import { GuidePicker } from './guide-picker.tsx';
import { GuideRow } from './guide-row.tsx';

/** Layers that guide the picture. They never show in the finished one. */
export function GuideSection() {
  const layers = useDocument((state) => state.layers);
  const guides = guideLayers(layers);
  return (
    <section className="guide-section" aria-label="Guides" data-testid="guides">
      <header>
        <h3 className="field-label grow">Guides{guides.length > 0 ? ` · ${guides.length}` : ''}</h3>
        <GuidePicker />
      </header>
      {guides.length > 0 && (
        <ul aria-label="Layers that guide">
          {guides.map((layer) => (
            <GuideRow layer={layer} key={layer.id} />
          ))}
        </ul>
      )}
    </section>
  );
}
