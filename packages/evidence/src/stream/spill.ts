/** Where numbers go of which there are too many for the memory, and come back from. Throws what the store behind it throws. */
export type Spill = {
  /** Keeps a copy of the values behind those before, and returns the place of the first one, in doubles: 0 for the very first. */
  append(values: Float64Array): number;
  /** Fills `into` with what lies from that place on. */
  read(place: number, into: Float64Array): void;
};
