import { SelectField } from '../../controls/select-field.tsx';

const CHANNELS = [
  { id: 'rgb', name: 'All channels' },
  { id: 'red', name: 'Red' },
  { id: 'green', name: 'Green' },
  { id: 'blue', name: 'Blue' },
] as const;

/** All channels together, or one of them. */
export type ChannelId = (typeof CHANNELS)[number]['id'];

/** Which channel levels and curves are edited for. */
export function ChannelChoice({
  value,
  onChange,
}: {
  readonly value: ChannelId;
  readonly onChange: (channel: ChannelId) => void;
}) {
  return (
    <SelectField
      label="Channel"
      value={value}
      options={CHANNELS}
      onChange={(id) => onChange(CHANNELS.find((channel) => channel.id === id)?.id ?? 'rgb')}
    />
  );
}
