"""A stand-in that plays the Threads API, as strict as Meta's pages say, and slow or broken on command."""
