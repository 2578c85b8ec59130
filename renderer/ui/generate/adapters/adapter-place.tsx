import { bindAdapter } from '../../../commands/conditioning-edits.ts';
import { wordGroups } from '../../../generation/canvas-facts.ts';
import { groupArea } from '../../../generation/picture-content.ts';
import { boundGroups } from '../../../generation/place-adapters.ts';
import { useDocument } from '../../../state/document/document-store.ts';
import { SelectField } from '../../controls/select-field.tsx';
import { useOpenDocument } from '../../workspace-context.tsx';

const EVERYWHERE = 'everywhere';

/** Where an adapter acts: everywhere, or where a group of layers has paint. Shown once there is a group. */
export function AdapterPlace({ path, name }: { path: string; name: string }) {
  const open = useOpenDocument();
  const layers = useDocument((state) => state.layers);
  useDocument((state) => state.revision);
  const groups = layers.filter(({ kind }) => kind === 'group').toReversed();
  const bound = boundGroups(layers, path);
  if (!open || groups.length === 0) return null;
  const shown = new Set(wordGroups(layers).map(({ id }) => id));
  const { document } = open.session;
  const acts =
    bound.length === 0 || bound.some(({ id }) => shown.has(id) && groupArea(document, id) !== null);
  const value = bound.length > 1 ? 'several' : (bound[0]?.id ?? EVERYWHERE);
  return (
    <div className="adapter-place">
      <SelectField
        label={`Where ${name} acts`}
        hideLabel
        value={value}
        options={[
          { id: EVERYWHERE, name: 'Acts everywhere' },
          ...(bound.length > 1 ? [{ id: 'several', name: `Only in ${bound.length} groups` }] : []),
          ...groups.map((group) => ({ id: group.id, name: `Only in ${group.name}` })),
        ]}
        onChange={(id) => {
          if (id === 'several') return;
          bindAdapter(open.session, { path, name }, groups.find((group) => group.id === id) ?? null);
        }}
      />
      {!acts && <span className="caption word-hint">◌ {bound[0]?.name} shows no paint: left out</span>}
    </div>
  );
}
