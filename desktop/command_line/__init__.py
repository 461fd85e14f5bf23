"""What the subcommands of `formwork` do, a module each; `desktop.cli` reads what was typed and calls them."""
