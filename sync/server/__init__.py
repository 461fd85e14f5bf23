"""The side of sync that runs on a server; never imports `sync.client`."""
