/**
 * A moment. `bootS` counts seconds since the machine started, sleep included, and decides leases: a clock step neither
 * steals nor immortalises one. It means nothing in another `boot`. `wallMs` is for people.
 */
export interface Now {
  readonly boot: string;
  readonly bootS: number;
  readonly wallMs: number;
}

/** Where the time comes from; tests bring their own. */
export interface Clock {
  now(): Now;
}
