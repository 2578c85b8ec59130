import { ColorArea, ColorThumb, type ColorAreaProps } from 'react-aria-components';

interface ShadeAreaProps {
  readonly className: string;
  readonly value: NonNullable<ColorAreaProps['value']>;
  readonly onChange: NonNullable<ColorAreaProps['onChange']>;
}

/** Saturation across and brightness up, of one hue. */
export function ShadeArea(props: ShadeAreaProps) {
  return (
    <ColorArea
      {...props}
      colorSpace="hsb"
      xChannel="saturation"
      yChannel="brightness"
      aria-label="Saturation and brightness"
    >
      <ColorThumb className="colour-thumb" />
    </ColorArea>
  );
}
