"""The side of sync that runs beside a local workspace; never imports `sync.server`."""
