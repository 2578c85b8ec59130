import { X } from 'lucide-react';
import { Input, SearchField } from 'react-aria-components';
import { useLayout } from '../../state/layout-store.ts';
import { IconButton } from '../controls/icon-button.tsx';

/** The field appears because somebody asked for it. */
function takeFocus(input: HTMLInputElement | null): void {
  input?.focus();
}

/** Where the names of layers are looked for; Esc ends it. */
export function LayerSearch({ query, found }: { readonly query: string; readonly found: boolean }) {
  const stop = (): void => useLayout.setState({ layerQuery: null });
  return (
    <div className="layer-tools">
      <SearchField
        className="grow layer-search"
        aria-label="Find layers"
        value={query}
        onChange={(layerQuery) => useLayout.setState({ layerQuery })}
        onKeyDown={(event) => {
          if (event.key === 'Escape') stop();
          else event.continuePropagation();
        }}
      >
        <Input className="input" ref={takeFocus} placeholder="Name, label or kind" />
      </SearchField>
      <IconButton icon={X} label="Show all layers" size={16} onPress={stop} />
      {!found && <output className="caption dim">None is called so.</output>}
    </div>
  );
}
