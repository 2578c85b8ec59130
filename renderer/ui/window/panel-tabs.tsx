import type { ReactNode } from 'react';
import { bringToFront, useLayout } from '../../state/layout-store.ts';
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components';

interface PanelTabsProps {
  /** Under which the list in front is remembered. */
  readonly place: string;
  readonly label: string;
  readonly tabs: readonly { readonly id: string; readonly title: string; readonly content: ReactNode }[];
  readonly height?: number | undefined;
  readonly actions?: ReactNode;
  readonly testId?: string;
}

/** Two or more lists that share one place of a dock. */
export function PanelTabs({ place, label, tabs, height, actions, testId }: PanelTabsProps) {
  const remembered = useLayout((state) => state.inFront[place]);
  const front = tabs.find(({ id }) => id === remembered) ?? tabs[0];
  return (
    <Tabs
      selectedKey={front?.id ?? ''}
      onSelectionChange={(id) => bringToFront(place, String(id))}
      className="panel"
      style={{ flex: height === undefined ? '1 1 0' : `0 1 ${height}px` }}
      data-testid={testId}
    >
      <div className="panel-header">
        <TabList className="tab-list grow" aria-label={label}>
          {tabs.map(({ id, title }) => (
            <Tab className="tab" id={id} key={id}>
              {title}
            </Tab>
          ))}
        </TabList>
        {actions}
      </div>
      {tabs.map(({ id, content }) => (
        <TabPanel className="panel-body" id={id} key={id}>
          {content}
        </TabPanel>
      ))}
    </Tabs>
  );
}
