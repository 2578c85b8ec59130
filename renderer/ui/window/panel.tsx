import { ChevronDown, ChevronRight } from 'lucide-react';
import { type ReactNode, useId } from 'react';
import { Button } from 'react-aria-components';
import { toggleFolded, useLayout } from '../../state/layout-store.ts';

interface PanelProps {
  readonly id: string;
  readonly title: string;
  /** Height in px, header included; absent: takes what is left. */
  readonly height?: number | undefined;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
  readonly testId?: string;
  /** In a fly-out there is nothing to fold. */
  readonly fixed?: boolean;
}

/** One panel of a dock: a header that folds it, and its content. */
export function Panel({ id, title, height, actions, children, testId, fixed = false }: PanelProps) {
  const folded = useLayout((state) => state.folded[id] ?? false) && !fixed;
  const headingId = useId();
  const size = folded ? '0 0 28px' : height === undefined ? '1 1 0' : `0 1 ${height}px`;
  return (
    <section className="panel" style={{ flex: size }} aria-labelledby={headingId} data-testid={testId}>
      <header className="panel-header">
        <h2 id={headingId} className="grow">
          {fixed ? (
            <span className="panel-title">{title}</span>
          ) : (
            <Button className="panel-title" aria-expanded={!folded} onPress={() => toggleFolded(id)}>
              {folded ? (
                <ChevronRight size={16} strokeWidth={1.75} aria-hidden />
              ) : (
                <ChevronDown size={16} strokeWidth={1.75} aria-hidden />
              )}
              {title}
            </Button>
          )}
        </h2>
        {!folded && actions}
      </header>
      {!folded && <div className="panel-body">{children}</div>}
    </section>
  );
}
