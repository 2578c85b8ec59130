import type { ReactNode } from 'react';
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components';

interface PanelTabsProps {
  readonly label: string;
  readonly tabs: readonly { readonly id: string; readonly title: string; readonly content: ReactNode }[];
  readonly height?: number | undefined;
  readonly actions?: ReactNode;
  readonly testId?: string;
}

/** Two or more lists that share one place of a dock. */
export function PanelTabs({ label, tabs, height, actions, testId }: PanelTabsProps) {
  return (
    <Tabs
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
