import { type RefObject, useEffect, useRef, useState } from 'react';
import { Toolbar } from 'react-aria-components';
import { useLayout } from '../../state/layout-store.ts';
import { chooseTool, type ToolId, usePaint } from '../../state/paint-store.ts';
import { IconButton } from '../controls/icon-button.tsx';
import { RailGroupButton } from './rail-group.tsx';
import { hasRoomForAll, type RailTool, TOOL_GROUPS } from './tool-list.ts';

/** An element's height in CSS px; 0 until it is known. */
function useHeight(element: RefObject<HTMLElement | null>): number {
  const [height, setHeight] = useState(0);
  useEffect(() => {
    if (!element.current) return;
    const sizes = new ResizeObserver(([entry]) => setHeight(entry?.contentRect.height ?? 0));
    sizes.observe(element.current);
    return () => sizes.disconnect();
  }, [element]);
  return height;
}

/** The tool that a group shows: the one in hand, else the one that was in hand last. */
function useShown(tool: ToolId): (tools: readonly RailTool[]) => RailTool | undefined {
  const [last, setLast] = useState<readonly ToolId[]>([tool]);
  if (last[0] !== tool) setLast([tool, ...last.filter((each) => each !== tool)]);
  return (tools) => {
    const id = last.find((each) => tools.some((one) => one.id === each));
    return tools.find((one) => one.id === id) ?? tools[0];
  };
}

function ToolButton({ id, name, icon }: RailTool) {
  const isSelected = usePaint((state) => state.tool === id);
  return (
    <IconButton
      icon={icon}
      label={name}
      command={`tool.${id}`}
      className="tool"
      isSelected={isSelected}
      onPress={() => chooseTool(id)}
    />
  );
}

/** The tools, one tab stop, arrows inside. Where the rail is too low for all of them, those of a kind share a place. */
export function Rail() {
  const rail = useRef<HTMLElement>(null);
  const height = useHeight(rail);
  const density = useLayout((state) => state.density);
  const shown = useShown(usePaint((state) => state.tool));
  const grouped = height > 0 && !hasRoomForAll(height, density);
  return (
    <section ref={rail} className="rail" aria-label="Tool rail" data-region="tools">
      <Toolbar className="rail-tools" orientation="vertical" aria-label="Tools">
        {TOOL_GROUPS.map(({ name, tools }) => {
          const front = shown(tools);
          return grouped && tools.length > 1 && front ? (
            <RailGroupButton name={name} tools={tools} shown={front} key={name} />
          ) : (
            tools.map((tool) => <ToolButton {...tool} key={tool.id} />)
          );
        })}
      </Toolbar>
    </section>
  );
}
