"""What publicity's pages show: channels, promises, costs, the process. Read from the rules in force."""
